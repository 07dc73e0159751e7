package dev.flowengine.json.payload;

import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.module.SimpleModule;

/**
 * Holds what a type declares as {@code Object}, at any place in it, to plain data, in both directions. Where an author
 * says by annotation how a place is written, that is what happens.
 */
public final class PayloadModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the module.
     *
     * @param mapper is the one the module is for, without it: it writes what failed nodes were given
     * @param factory reads what the mapper has written
     */
    public PayloadModule(ObjectMapper mapper, TokenStreamFactory factory) {
        super(PayloadModule.class.getName());
        OpenTypes.CLASSES.forEach(this::addPlainDeserializer);
        addSerializer(new RefusedBlob());
        setDeserializerModifier(new FixedContainers());
        setSerializerModifier(new OpenContents(new InputSerializer(mapper, factory)));
    }

    /**
     * Whether a type says nothing about what a value is.
     *
     * @param type the type that is declared for a value as a whole
     * @return true if the value is to be written by {@link #write}
     */
    public static boolean isOpen(JavaType type) {
        return OpenTypes.isOpen(type);
    }

    /**
     * Writes a value of an open type as a whole.
     *
     * @param value plain data, may be null
     * @param mapper says how
     * @param bytes where to
     * @throws IllegalArgumentException if it is no plain data; the message says what and where
     */
    public static void write(@Nullable Object value, ObjectMapper mapper, BoundedBytes bytes) {
        try (JsonGenerator generator = mapper.createGenerator(bytes)) {
            PlainWriting.strict(generator).write(value);
        }
    }

    /**
     * Writes a value of a declared type as a whole.
     *
     * @param value the value, may be null
     * @param writer knows the type
     * @param bytes where to
     */
    public static void write(@Nullable Object value, ObjectWriter writer, BoundedBytes bytes) {
        writer.withAttribute(BoundedBytes.class, bytes).writeValue((OutputStream) bytes, value);
    }

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.addSerializers(new OpenContainerSerializers());
        context.addKeySerializers(new TextKeys());
    }

    private <T> void addPlainDeserializer(Class<T> open) {
        addDeserializer(open, new PlainDeserializer<>(open));
    }
}
