package dev.flowengine.http;

import dev.flowengine.extension.DataReader;
import dev.flowengine.json.JsonData;
import dev.flowengine.json.JsonPointer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** What a request sends: a value given with the flow, or a part of the input, written in one of several forms. */
final class BodyTemplate {
    private final boolean present;
    private final @Nullable Object literal;
    private final @Nullable JsonPointer field;
    private final Form form;

    private BodyTemplate(boolean present, @Nullable Object literal, @Nullable JsonPointer field, Form form) {
        this.present = present;
        this.literal = literal;
        this.field = field;
        this.form = form;
    }

    /** How a value becomes bytes. */
    private enum Form {
        JSON("application/json") {
            @Override
            byte[] bytes(@Nullable Object value) {
                try {
                    return JsonData.write(value).getBytes(StandardCharsets.UTF_8);
                } catch (IllegalArgumentException notPlain) {
                    throw Argument.wrong("the body cannot be written as JSON: " + notPlain.getMessage());
                }
            }
        },
        TEXT("text/plain; charset=utf-8") {
            @Override
            byte[] bytes(@Nullable Object value) {
                return text(value).getBytes(StandardCharsets.UTF_8);
            }
        },
        FORM("application/x-www-form-urlencoded") {
            @Override
            byte[] bytes(@Nullable Object value) {
                return fields(value).getBytes(StandardCharsets.US_ASCII);
            }
        },
        BASE64("application/octet-stream") {
            @Override
            byte[] bytes(@Nullable Object value) {
                try {
                    return Base64.getDecoder().decode(text(value));
                } catch (IllegalArgumentException none) {
                    throw Argument.wrong("the body is no Base64");
                }
            }
        };

        final String contentType;

        Form(String contentType) {
            this.contentType = contentType;
        }

        abstract byte[] bytes(@Nullable Object value);
    }

    static BodyTemplate read(DataReader parameters, Request.Method method) {
        boolean literal = parameters.has("body");
        boolean taken = parameters.has("bodyField");
        Object value = literal ? parameters.value("body") : null;
        JsonPointer field = taken ? Argument.pointer(parameters, "bodyField") : null;
        Form form = parameters.has("bodyForm") ? parameters.choice("bodyForm", List.of(Form.values())) : Form.JSON;
        checkOne(parameters, literal, taken);
        boolean present = literal || taken;
        if (present && (method == Request.Method.GET || method == Request.Method.HEAD)) {
            parameters.problem(literal ? "body" : "bodyField", "goes with no request of the method " + method);
        }
        return new BodyTemplate(present, value, field, form);
    }

    private static void checkOne(DataReader parameters, boolean literal, boolean taken) {
        if (literal && taken) {
            parameters.problem("bodyField", "cannot be given together with 'body'");
        }
        if (!literal && !taken && parameters.has("bodyForm")) {
            parameters.problem("bodyForm", "is only for a request with 'body' or 'bodyField'");
        }
    }

    /** What is sent; null for nothing. */
    byte @Nullable [] bytes(@Nullable Object input) {
        return present ? form.bytes(field == null ? literal : field.valueIn(input)) : null;
    }

    String contentType() {
        return form.contentType;
    }

    private static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw Argument.wrong("the body should be a text");
    }

    private static String fields(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw Argument.wrong("the body should be an object, whose values become the fields of a form");
        }
        StringJoiner fields = new StringJoiner("&");
        map.forEach((name, field) -> {
            for (Object element : field instanceof List<?> list ? list : singleton(field)) {
                if (element instanceof Map || element instanceof List) {
                    throw Argument.wrong(
                            "the field '" + name + "' of the form is neither a text, a number, true nor false");
                }
                fields.add(
                        UrlTemplate.encoded(String.valueOf(name)) + "=" + UrlTemplate.encoded(String.valueOf(element)));
            }
        });
        return fields.toString();
    }

    private static List<?> singleton(@Nullable Object field) {
        return field == null ? List.of() : List.of(field);
    }
}
