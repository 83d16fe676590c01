package dev.quotary.api.otlp;

import dev.quotary.http.InvalidInputException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Reads an export request in OTLP's protobuf: the few fields that usage needs, by the numbers that the protocol will never change. Everything
 * else is passed over.
 */
public final class OtlpProto {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;
    private static final int VARINT_BYTES_MAX = 10;
    private static final long ERROR_CODE = 2;

    private OtlpProto() {}

    /** One field of a message. */
    private interface Field {
        /**
         * @param number of a varint or a fixed number; 0 for bytes
         * @param bytes of a text or a message; empty for numbers
         */
        void is(int field, long number, ByteBuffer bytes);
    }

    /** @throws InvalidInputException if it is none */
    public static List<Span> spans(byte[] request) {
        var spans = new ArrayList<Span>();
        try {
            read(ByteBuffer.wrap(request), (field, _, bytes) -> {
                if (field == 1) {
                    resourceSpans(bytes, spans);
                }
            });
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new InvalidInputException("", 0, "expected an ExportTraceServiceRequest in protobuf");
        }
        return spans;
    }

    private static void resourceSpans(ByteBuffer message, List<Span> spans) {
        var shared = new HashMap<String, String>();
        var scopes = new ArrayList<ByteBuffer>();
        read(message, (field, _, bytes) -> {
            if (field == 1) {
                read(bytes, (inner, _, attribute) -> {
                    if (inner == 1) {
                        attribute(attribute, shared);
                    }
                });
            } else if (field == 2) {
                scopes.add(bytes);
            }
        });
        for (var scope : scopes) {
            read(scope, (field, _, bytes) -> {
                if (field == 2) {
                    if (spans.size() == Span.SPANS_MAX) {
                        throw new InvalidInputException("", 0, "expected at most " + Span.SPANS_MAX + " spans");
                    }
                    spans.add(span(bytes, shared));
                }
            });
        }
    }

    private static Span span(ByteBuffer message, Map<String, String> shared) {
        var texts = new String[] {"", ""};
        var numbers = new long[3];
        var attributes = new HashMap<>(shared);
        read(message, (field, number, bytes) -> {
            switch (field) {
                case 1 -> texts[0] = hex(bytes);
                case 2 -> texts[1] = hex(bytes);
                case 7 -> numbers[0] = number;
                case 8 -> numbers[1] = number;
                case 9 -> attribute(bytes, attributes);
                case 15 ->
                    read(bytes, (inner, code, _) -> {
                        if (inner == 3) {
                            numbers[2] = code;
                        }
                    });
                default -> {}
            }
        });
        return new Span(texts[0], texts[1], numbers[0], numbers[1], numbers[2] == ERROR_CODE, attributes);
    }

    private static void attribute(ByteBuffer message, Map<String, String> into) {
        var said = new String[] {"", ""};
        read(message, (field, _, bytes) -> {
            if (field == 1) {
                said[0] = text(bytes);
            } else if (field == 2) {
                read(bytes, (kind, number, held) -> {
                    switch (kind) {
                        case 1 -> said[1] = text(held);
                        case 2 -> said[1] = Boolean.toString(number != 0);
                        case 3 -> said[1] = Long.toString(number);
                        case 4 -> said[1] = Double.toString(Double.longBitsToDouble(number));
                        default -> {
                            // Lists and maps hold prompts and the like: nothing that is counted.
                        }
                    }
                });
            }
        });
        if (!said[0].isEmpty() && !said[1].isEmpty()) {
            into.put(said[0], said[1]);
        }
    }

    private static void read(ByteBuffer message, Field each) {
        var in = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        var nothing = ByteBuffer.allocate(0);
        while (in.hasRemaining()) {
            long tag = varint(in);
            int field = (int) (tag >>> 3);
            switch ((int) tag & 7) {
                case VARINT -> each.is(field, varint(in), nothing);
                case FIXED_64 -> each.is(field, in.getLong(), nothing);
                case FIXED_32 -> each.is(field, in.getInt(), nothing);
                case BYTES -> {
                    long length = varint(in);
                    if (length < 0 || length > in.remaining()) {
                        throw new BufferUnderflowException();
                    }
                    each.is(field, 0, in.slice(in.position(), (int) length));
                    in.position(in.position() + (int) length);
                }
                default -> throw new IllegalArgumentException("a wire type that is not used");
            }
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int i = 0; i < VARINT_BYTES_MAX; i++) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number that does not end");
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }
}
