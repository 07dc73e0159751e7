package dev.flowengine.json;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Plain data as text. */
final class JsonText {
    private static final Pattern PLACE = Pattern.compile(" ?\\((start marker )?at \\[Source: [^\\]]*\\]\\)");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** The same on every system. */
    private static final ObjectWriter PRETTY = MAPPER.writer()
            .with(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                            .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                            .withArrayEmptySeparator("")
                            .withObjectEmptySeparator(""))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private JsonText() {}

    static String pretty(@Nullable Object data) {
        return PRETTY.writeValueAsString(data) + "\n";
    }

    static String compact(@Nullable Object data) {
        return MAPPER.writeValueAsString(data);
    }

    /** What a message of Jackson's says, without the places it names, which we tell ourselves. */
    static String firstLine(@Nullable String message) {
        String line = message == null ? "" : message.lines().findFirst().orElse("");
        return PLACE.matcher(line).replaceAll("");
    }
}
