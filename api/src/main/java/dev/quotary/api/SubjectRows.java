package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.live.OwnLimits;
import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Account;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Subject;
import dev.quotary.http.Times;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Decision;
import dev.quotary.usage.LimitState;
import dev.quotary.usage.LimitStatus;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How a subject stands, as lists of subjects show it: its plan, its own limits, and the one that is closest to its end. */
final class SubjectRows {
    private final Catalog catalog;
    private final Admissions admissions;
    private final DecisionJson decisions;

    SubjectRows(Catalog catalog, Admissions admissions, DecisionJson decisions) {
        this.catalog = catalog;
        this.admissions = admissions;
        this.decisions = decisions;
    }

    /**
     * A subject.
     *
     * @param declared empty where nobody has declared it
     * @param account empty where it is unknown, as its organization takes declared ones only
     * @param limits its own, without those that it shares with others
     */
    record Row(SubjectKey key, Optional<Subject> declared, Optional<Account> account, List<LimitStatus> limits) {
        /** Of the limit closest to its end; those that only report do not count. */
        BigDecimal percent() {
            return limits.stream()
                    .filter(status -> status.state() != LimitState.SHADOW)
                    .map(LimitStatus::percent)
                    .max(Comparator.naturalOrder())
                    .orElse(BigDecimal.ZERO);
        }
    }

    /** Whether asking for many rows waits for nothing. */
    boolean immediate() {
        return admissions.immediate();
    }

    /** The declared subjects of an organization. */
    Iterable<Subject> declared(OrganizationKey organization) {
        return catalog.subjects(organization);
    }

    Optional<Subject> declared(OrganizationKey organization, SubjectKey key) {
        return catalog.subject(organization, key);
    }

    Row row(OrganizationKey organization, SubjectKey key) {
        var decision = admissions.status(new Call(organization, key, null, Dimensions.NONE));
        var own = decision.map(Decision::limits).orElse(List.of()).stream()
                .filter(OwnLimits::has)
                .toList();
        return new Row(key, catalog.subject(organization, key), decision.map(Decision::account), own);
    }

    /** Writes a row as members of an open object. */
    void members(JsonGenerator json, Row row, Optional<Instant> lastActive) throws IOException {
        json.writeStringField("key", row.key().value());
        EventJson.text(json, "name", row.declared().map(Subject::name).orElse(null));
        EventJson.text(
                json,
                "effective_plan",
                row.account().map(Account::plan).map(plan -> plan.key().value()).orElse(null));
        json.writeBooleanField("declared", row.declared().isPresent());
        json.writeBooleanField(
                "blocked", row.declared().filter(Subject::blocked).isPresent());
        EventJson.text(json, "last_active", lastActive.map(Times::text).orElse(null));
        json.writeFieldName("percent");
        json.writeNumber(row.percent());
        json.writeStringField("state", StatusEndpoints.worst(row.limits()).key());
        decisions.limits(json, "limits", row.limits());
    }
}
