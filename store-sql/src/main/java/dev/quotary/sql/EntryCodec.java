package dev.quotary.sql;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.EventId;
import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.journal.RecordOutput;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Origin;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Posting;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import dev.quotary.time.Window;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of a batch of entries in the {@link IntakeLog}: everything that the database will keep of them, and nothing that must be
 * looked up again.
 */
final class EntryCodec {
    private static final int FORM = 5;
    /** Knew neither fees nor parts. */
    private static final int FORM_WITHOUT_FEES = 2;
    /** Did not know how a cost came about. */
    private static final int FORM_WITHOUT_COSTING = 3;
    /** Did not know what reporters call their events. */
    private static final int FORM_WITHOUT_ORIGIN = 4;

    private EntryCodec() {}

    static void write(List<Draft> batch, RecordOutput out) throws IOException {
        out.writeByte(FORM);
        out.writeInt(batch.size());
        for (var draft : batch) {
            writeEvent(draft, out);
            writePostings(draft.entry().postings(), out);
            writeNullable(draft.levels(), out);
        }
    }

    /** @throws IOException if the batch was written by a newer version */
    static List<Draft> read(DataInputStream in) throws IOException {
        int form = in.readByte();
        if (form < FORM_WITHOUT_FEES || form > FORM) {
            throw new IOException("entries of the unknown form " + form);
        }
        var batch = new ArrayList<Draft>();
        for (int left = in.readInt(); left > 0; left--) {
            var event = readEvent(in, form);
            var postings = readPostings(event.call().organization(), in);
            batch.add(Draft.of(new Entry(event, postings, readLevels(in))));
        }
        return batch;
    }

    private static Set<MeterKey> readLevels(DataInputStream in) throws IOException {
        var levels = readNullable(in);
        return levels == null
                ? Set.of()
                : Stream.of(levels.split(" ", -1)).map(MeterKey::new).collect(Collectors.toSet());
    }

    private static void writeEvent(Draft draft, RecordOutput out) throws IOException {
        var event = draft.entry().event();
        out.writeLong(event.id().high());
        out.writeLong(event.id().low());
        out.writeLong(draft.time());
        writeCall(event.call(), out);
        var metered = event.metered();
        writeAmounts(metered.amounts(), out);
        writeTokens(metered.tokens(), out);
        out.writeByte(Codes.of(metered.evidence()));
        writeNullable(draft.fees(), out);
        writeNullable(draft.parts(), out);
        writeNullable(draft.costing(), out);
        writePrice(draft.price(), out);
        writeResult(event.result(), out);
        writeNullable(draft.estimate(), out);
        out.writeText(event.metadata());
        out.writeLong(event.fingerprint());
        writeOrigin(event.origin().orElse(null), out);
    }

    private static void writeOrigin(@Nullable Origin origin, RecordOutput out) throws IOException {
        out.writeBoolean(origin != null);
        if (origin != null) {
            out.writeText(origin.source());
            out.writeText(origin.name());
            out.writeText(origin.type());
            out.writeLong(Micros.of(origin.receivedAt()));
        }
    }

    private static Optional<Origin> readOrigin(DataInputStream in) throws IOException {
        return in.readBoolean()
                ? Optional.of(new Origin(readText(in), readText(in), readText(in), Micros.instant(in.readLong())))
                : Optional.empty();
    }

    private static UsageEvent readEvent(DataInputStream in, int form) throws IOException {
        var id = new EventId(in.readLong(), in.readLong());
        var time = Micros.instant(in.readLong());
        var call = readCall(in);
        var amounts = readAmounts(in);
        var ofColumns = readTokens(in);
        var evidence = Codes.evidence(in.readByte());
        boolean more = form > FORM_WITHOUT_FEES;
        var tokens = MoreUsage.add(ofColumns, more ? readNullable(in) : null);
        var parts = Parts.parse(more ? readNullable(in) : null);
        var costing = form > FORM_WITHOUT_COSTING ? readNullable(in) : null;
        var price = readPrice(in);
        var receipt = price.map(applied -> applied.receipt(tokens));
        var facts = Costs.parse(costing, price.orElse(null));
        var metered = new Metered(amounts, tokens, receipt, evidence, parts, facts);
        var result = readResult(in);
        var estimate = Estimates.parse(readNullable(in));
        var metadata = readText(in);
        long fingerprint = in.readLong();
        var origin = form > FORM_WITHOUT_ORIGIN ? readOrigin(in) : Optional.<Origin>empty();
        return new UsageEvent(id, time, call, metered, result, estimate, metadata, fingerprint, origin);
    }

    private static void writeCall(Call call, RecordOutput out) throws IOException {
        var subject = call.subject();
        var key = call.key();
        var dimensions = call.dimensions();
        out.writeText(call.organization().value());
        writeNullable(subject == null ? null : subject.value(), out);
        writeNullable(key == null ? null : key.value(), out);
        writeNullable(dimensions.provider(), out);
        writeNullable(dimensions.model(), out);
        writeNullable(dimensions.feature(), out);
        writeNullable(dimensions.session(), out);
        writeNullable(dimensions.workflow(), out);
        out.writeInt(dimensions.others().size());
        for (var other : dimensions.others().entrySet()) {
            out.writeText(other.getKey());
            out.writeText(other.getValue());
        }
    }

    private static Call readCall(DataInputStream in) throws IOException {
        var organization = new OrganizationKey(readText(in));
        var subject = readNullable(in);
        var key = readNullable(in);
        var provider = readNullable(in);
        var model = readNullable(in);
        var feature = readNullable(in);
        var session = readNullable(in);
        var workflow = readNullable(in);
        var others = new HashMap<String, String>();
        for (int left = in.readInt(); left > 0; left--) {
            others.put(readText(in), readText(in));
        }
        return new Call(
                organization,
                subject == null ? null : new SubjectKey(subject),
                key == null ? null : new KeyId(key),
                new Dimensions(provider, model, feature, session, workflow, others));
    }

    private static void writeAmounts(Amounts amounts, RecordOutput out) throws IOException {
        var quantities = amounts.quantities();
        out.writeLong(amounts.cost().picos());
        out.writeLong(quantities.requests());
        out.writeLong(quantities.tokensInput());
        out.writeLong(quantities.tokensOutput());
        out.writeLong(quantities.tokens());
        out.writeInt(quantities.others().size());
        for (var other : quantities.others().entrySet()) {
            out.writeText(other.getKey().value());
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
            others.put(new MeterKey(readText(in)), in.readLong());
        }
        return new Amounts(new Quantities(requests, input, output, tokens, others), cost);
    }

    private static void writeTokens(TokenUsage tokens, RecordOutput out) throws IOException {
        out.writeLong(tokens.input());
        out.writeLong(tokens.cachedInput());
        out.writeLong(tokens.cacheWrite5m());
        out.writeLong(tokens.cacheWrite1h());
        out.writeLong(tokens.inputAudio());
        out.writeLong(tokens.output());
        out.writeLong(tokens.outputAudio());
        out.writeLong(tokens.reasoning());
    }

    private static TokenUsage readTokens(DataInputStream in) throws IOException {
        return TokenUsage.builder()
                .set(Component.INPUT, in.readLong())
                .set(Component.CACHED_INPUT, in.readLong())
                .set(Component.CACHE_WRITE_5M, in.readLong())
                .set(Component.CACHE_WRITE_1H, in.readLong())
                .set(Component.INPUT_AUDIO, in.readLong())
                .set(Component.OUTPUT, in.readLong())
                .set(Component.OUTPUT_AUDIO, in.readLong())
                .reasoning(in.readLong())
                .build();
    }

    private static void writePrice(@Nullable AppliedPrice price, RecordOutput out) throws IOException {
        out.writeBoolean(price != null);
        if (price != null) {
            out.writeText(price.priceRow());
            out.writeText(price.tier().key());
            out.writeText(price.priceTier().key());
            out.writeBoolean(price.longContext());
            out.writeText(price.ratesText());
        }
    }

    private static Optional<AppliedPrice> readPrice(DataInputStream in) throws IOException {
        if (!in.readBoolean()) {
            return Optional.empty();
        }
        return Optional.of(
                AppliedPrice.parse(readText(in), readText(in), readText(in), in.readBoolean(), readText(in)));
    }

    private static void writeResult(Result result, RecordOutput out) throws IOException {
        out.writeByte(Codes.of(result.outcome()));
        writeNullable(result.errorType(), out);
        out.writeLong(result.latencyMillis());
        out.writeLong(result.queueWaitMillis());
        out.writeBoolean(result.late());
    }

    private static Result readResult(DataInputStream in) throws IOException {
        return new Result(
                Codes.outcome(in.readByte()), readNullable(in), in.readLong(), in.readLong(), in.readBoolean());
    }

    private static void writePostings(List<Posting> postings, RecordOutput out) throws IOException {
        out.writeInt(postings.size());
        for (var posting : postings) {
            var counter = posting.counter();
            out.writeText(counter.text());
            out.writeText(counter.scopeValue());
            out.writeLong(Micros.of(counter.window().start()));
            out.writeLong(Micros.of(counter.window().end()));
            out.writeLong(posting.amount());
            out.writeBoolean(posting.level());
        }
    }

    private static List<Posting> readPostings(OrganizationKey organization, DataInputStream in) throws IOException {
        var postings = new ArrayList<Posting>();
        for (int left = in.readInt(); left > 0; left--) {
            var counted = Counted.parse(readText(in));
            var scopeValue = readText(in);
            var window = new Window(Micros.instant(in.readLong()), Micros.instant(in.readLong()));
            var counter = new CounterKey(organization, counted, scopeValue, window);
            postings.add(new Posting(counter, in.readLong(), in.readBoolean()));
        }
        return postings;
    }

    private static String readText(DataInputStream in) throws IOException {
        byte[] bytes = in.readNBytes(in.readInt());
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void writeNullable(@Nullable String text, RecordOutput out) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeText(text);
        }
    }

    private static @Nullable String readNullable(DataInputStream in) throws IOException {
        return in.readBoolean() ? readText(in) : null;
    }
}
