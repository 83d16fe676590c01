package dev.quotary.memory;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.call.SubjectKey;
import dev.quotary.limit.Hold;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of a hold in the journal.
 *
 * <p>Charges are left out: the counters follow from the call, the amounts and the limits, and are bound anew after a restart.
 */
final class HoldCodec {
    private HoldCodec() {}

    static void write(Hold hold, DataOutput out) throws IOException {
        writeId(hold.id(), out);
        writeCall(hold.call(), out);
        writeAmounts(hold.amounts(), out);
        writeInstant(hold.admittedAt(), out);
        writeInstant(hold.expiresAt(), out);
        out.writeByte(code(hold.origin()));
        out.writeLong(hold.fingerprint());
        out.writeLong(hold.queueWaitMillis());
        var metadata = hold.metadata().getBytes(StandardCharsets.UTF_8);
        out.writeInt(metadata.length);
        out.write(metadata);
    }

    static Hold read(DataInputStream in) throws IOException {
        var id = readId(in);
        var call = readCall(in);
        var amounts = readAmounts(in);
        var admittedAt = readInstant(in);
        var expiresAt = readInstant(in);
        var origin = origin(in.readByte());
        long fingerprint = in.readLong();
        // Holds were written without what follows once: the record ends before it.
        long queueWaitMillis = in.available() == 0 ? 0 : in.readLong();
        var metadata = in.available() == 0 ? "" : new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        return new Hold(
                id, call, amounts, List.of(), admittedAt, expiresAt, origin, fingerprint, queueWaitMillis, metadata);
    }

    /** The hold in bytes that were {@linkplain #write written} in this process, behind the first {@code from} of them. */
    static Hold read(byte[] bytes, int from) {
        try {
            return read(new DataInputStream(new ByteArrayInputStream(bytes, from, bytes.length - from)));
        } catch (IOException e) {
            throw new IllegalStateException("a hold that was written here cannot be read", e);
        }
    }

    private static int code(Hold.Origin origin) {
        return switch (origin) {
            case API -> 1;
            case GATEWAY -> 2;
        };
    }

    private static Hold.Origin origin(int code) throws IOException {
        return switch (code) {
            case 1 -> Hold.Origin.API;
            case 2 -> Hold.Origin.GATEWAY;
            default -> throw new IOException("unknown origin " + code + " of a hold");
        };
    }

    static void writeId(ReservationId id, DataOutput out) throws IOException {
        out.writeLong(id.high());
        out.writeLong(id.low());
    }

    static ReservationId readId(DataInputStream in) throws IOException {
        return new ReservationId(in.readLong(), in.readLong());
    }

    private static void writeCall(Call call, DataOutput out) throws IOException {
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
        out.writeInt(dimensions.others().size());
        for (var other : dimensions.others().entrySet()) {
            out.writeUTF(other.getKey());
            out.writeUTF(other.getValue());
        }
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
        var others = new HashMap<String, String>();
        for (int left = in.readInt(); left > 0; left--) {
            others.put(in.readUTF(), in.readUTF());
        }
        return new Call(
                organization,
                subject == null ? null : new SubjectKey(subject),
                key == null ? null : new KeyId(key),
                new Dimensions(provider, model, feature, session, workflow, others));
    }

    private static void writeAmounts(Amounts amounts, DataOutput out) throws IOException {
        var quantities = amounts.quantities();
        out.writeLong(amounts.cost().picos());
        out.writeLong(quantities.requests());
        out.writeLong(quantities.tokensInput());
        out.writeLong(quantities.tokensOutput());
        out.writeLong(quantities.tokens());
        out.writeInt(quantities.others().size());
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
        for (int left = in.readInt(); left > 0; left--) {
            others.put(new MeterKey(in.readUTF()), in.readLong());
        }
        return new Amounts(new Quantities(requests, input, output, tokens, others), cost);
    }

    private static void writeInstant(Instant instant, DataOutput out) throws IOException {
        out.writeLong(instant.getEpochSecond());
        out.writeInt(instant.getNano());
    }

    private static Instant readInstant(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    private static void writeText(@Nullable String text, DataOutput out) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeUTF(text);
        }
    }

    private static @Nullable String readText(DataInputStream in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }
}
