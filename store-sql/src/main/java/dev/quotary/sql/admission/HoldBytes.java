package dev.quotary.sql.admission;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.call.SubjectKey;
import dev.quotary.limit.Charge;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Leeway;
import dev.quotary.limit.Scope;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.time.Window;
import dev.quotary.time.WindowSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hold as the bytes that its row keeps, charges included: what was added to a counter is taken from the same counter again, whatever
 * the limits are by then.
 *
 * <p>The first byte is the version of the form; nodes of different versions may share a database for a while.
 */
final class HoldBytes {
    private static final int VERSION = 1;
    private static final int ID_BYTES = 2 * Long.BYTES;

    private HoldBytes() {}

    static byte[] of(Hold hold) {
        var bytes = new ByteArrayOutputStream(384);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            writeCall(hold.call(), out);
            writeAmounts(hold.amounts(), out);
            writeInstant(hold.admittedAt(), out);
            writeInstant(hold.expiresAt(), out);
            out.writeByte(code(hold.origin()));
            out.writeLong(hold.fingerprint());
            out.writeLong(hold.queueWaitMillis());
            writeLongText(hold.metadata(), out);
            out.writeShort(hold.charges().size());
            for (var charge : hold.charges()) {
                writeCharge(charge, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing a hold to memory", e);
        }
        return bytes.toByteArray();
    }

    static Hold read(ReservationId id, byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IllegalStateException("a hold in form " + version + ", which this version does not know");
            }
            var call = readCall(in);
            var amounts = readAmounts(in);
            var admittedAt = readInstant(in);
            var expiresAt = readInstant(in);
            var origin = origin(in.readByte());
            long fingerprint = in.readLong();
            long queueWaitMillis = in.readLong();
            var metadata = readLongText(in);
            var charges = readCharges(call.organization(), in);
            return new Hold(
                    id, call, amounts, charges, admittedAt, expiresAt, origin, fingerprint, queueWaitMillis, metadata);
        } catch (IOException e) {
            throw new IllegalStateException("a hold that is cut off", e);
        }
    }

    static byte[] id(ReservationId id) {
        return ByteBuffer.allocate(ID_BYTES)
                .putLong(id.high())
                .putLong(id.low())
                .array();
    }

    static ReservationId id(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        return new ReservationId(buffer.getLong(), buffer.getLong());
    }

    static int code(Hold.Origin origin) {
        return switch (origin) {
            case API -> 1;
            case GATEWAY -> 2;
        };
    }

    private static Hold.Origin origin(int code) {
        return switch (code) {
            case 1 -> Hold.Origin.API;
            case 2 -> Hold.Origin.GATEWAY;
            default -> throw new IllegalStateException("unknown origin " + code + " of a hold");
        };
    }

    private static void writeCharge(Charge charge, DataOutputStream out) throws IOException {
        var counter = charge.counter();
        var counted = counter.counted();
        out.writeUTF(counted.meter().value());
        writeMap(counted.filter().patterns(), out);
        out.writeUTF(counted.scope().name());
        out.writeUTF(counted.window().key());
        out.writeUTF(counter.scopeValue());
        out.writeLong(counter.window().start().getEpochSecond());
        out.writeLong(counter.window().end().getEpochSecond());
        var previous = counter.previous();
        out.writeBoolean(previous != null);
        if (previous != null) {
            out.writeLong(previous.window().start().getEpochSecond());
            out.writeLong(previous.window().end().getEpochSecond());
        }
        out.writeLong(charge.amount());
        out.writeLong(charge.maximum());
        out.writeByte(charge.leeways().size());
        for (var leeway : charge.leeways()) {
            out.writeLong(leeway.maximum());
            out.writeLong(leeway.burst());
            out.writeLong(leeway.beyond());
            out.writeLong(leeway.grace().toMillis());
        }
    }

    private static List<Charge> readCharges(OrganizationKey organization, DataInputStream in) throws IOException {
        int count = in.readShort();
        var charges = new ArrayList<Charge>(count);
        for (int i = 0; i < count; i++) {
            var counter = readCounter(organization, in);
            charges.add(new Charge(counter, in.readLong(), in.readLong(), readLeeways(in)));
        }
        return charges;
    }

    private static CounterKey readCounter(OrganizationKey organization, DataInputStream in) throws IOException {
        var meter = new MeterKey(in.readUTF());
        var filter = new Filter(readMap(in));
        var scope = Scope.valueOf(in.readUTF());
        var counted = new Counted(meter, filter, scope, WindowSpec.parse(in.readUTF()));
        var scopeValue = in.readUTF();
        var window = readWindow(in);
        var previous = in.readBoolean() ? new CounterKey(organization, counted, scopeValue, readWindow(in)) : null;
        return new CounterKey(organization, counted, scopeValue, window, previous);
    }

    private static Window readWindow(DataInputStream in) throws IOException {
        return new Window(Instant.ofEpochSecond(in.readLong()), Instant.ofEpochSecond(in.readLong()));
    }

    private static List<Leeway> readLeeways(DataInputStream in) throws IOException {
        int count = in.readByte();
        var leeways = new ArrayList<Leeway>(count);
        for (int i = 0; i < count; i++) {
            leeways.add(new Leeway(in.readLong(), in.readLong(), in.readLong(), Duration.ofMillis(in.readLong())));
        }
        return leeways;
    }

    private static void writeCall(Call call, DataOutputStream out) throws IOException {
        out.writeUTF(call.organization().value());
        var subject = call.subject();
        writeText(subject == null ? null : subject.value(), out);
        var key = call.key();
        writeText(key == null ? null : key.value(), out);
        var dimensions = call.dimensions();
        writeText(dimensions.provider(), out);
        writeText(dimensions.model(), out);
        writeText(dimensions.feature(), out);
        writeText(dimensions.session(), out);
        writeText(dimensions.workflow(), out);
        writeMap(dimensions.others(), out);
    }

    private static Call readCall(DataInputStream in) throws IOException {
        var organization = new OrganizationKey(in.readUTF());
        var subject = readText(in);
        var key = readText(in);
        var provider = readText(in);
        var model = readText(in);
        var feature = readText(in);
        var session = readText(in);
        var workflow = readText(in);
        return new Call(
                organization,
                subject == null ? null : new SubjectKey(subject),
                key == null ? null : new KeyId(key),
                new Dimensions(provider, model, feature, session, workflow, readMap(in)));
    }

    private static void writeAmounts(Amounts amounts, DataOutputStream out) throws IOException {
        var quantities = amounts.quantities();
        out.writeLong(amounts.cost().picos());
        out.writeLong(quantities.requests());
        out.writeLong(quantities.tokensInput());
        out.writeLong(quantities.tokensOutput());
        out.writeLong(quantities.tokens());
        out.writeShort(quantities.others().size());
        for (var other : quantities.others().entrySet()) {
            out.writeUTF(other.getKey().value());
            out.writeLong(other.getValue());
        }
    }

    private static Amounts readAmounts(DataInputStream in) throws IOException {
        var cost = new Money(in.readLong());
        long requests = in.readLong();
        long input = in.readLong();
        long output = in.readLong();
        long tokens = in.readLong();
        Map<MeterKey, Long> others = new HashMap<>();
        for (int left = in.readShort(); left > 0; left--) {
            others.put(new MeterKey(in.readUTF()), in.readLong());
        }
        return new Amounts(new Quantities(requests, input, output, tokens, others), cost);
    }

    private static void writeInstant(Instant instant, DataOutputStream out) throws IOException {
        out.writeLong(instant.getEpochSecond());
        out.writeInt(instant.getNano());
    }

    private static Instant readInstant(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    private static void writeMap(Map<String, String> map, DataOutputStream out) throws IOException {
        out.writeShort(map.size());
        for (var entry : map.entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeUTF(entry.getValue());
        }
    }

    private static Map<String, String> readMap(DataInputStream in) throws IOException {
        var map = new HashMap<String, String>();
        for (int left = in.readShort(); left > 0; left--) {
            map.put(in.readUTF(), in.readUTF());
        }
        return map;
    }

    /** A text that may be longer than 64 KiB. */
    private static void writeLongText(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readLongText(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void writeText(@Nullable String text, DataOutputStream out) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeUTF(text);
        }
    }

    private static @Nullable String readText(DataInputStream in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }
}
