package dev.quotary.api.declare;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.PlanKey;
import dev.quotary.catalog.Subject;
import dev.quotary.limit.Limit;
import dev.quotary.meter.MeterKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;

/** Says what still needs things that are to be deleted. */
final class Uses {
    /** So many users are named in a refusal. */
    private static final int NAMED_MAX = 5;

    private final Catalog catalog;
    private final Draft draft;

    /** @param draft what will be in force, without what is deleted */
    Uses(Catalog catalog, Draft draft) {
        this.catalog = catalog;
        this.draft = draft;
    }

    /** @throws InUseException naming what needs one of them */
    void refuse(List<Item.Name> removed) {
        for (var name : removed) {
            switch (name.kind()) {
                case METER -> meter(new MeterKey(name.key()));
                case PLAN -> plan(new PlanKey(name.key()));
                case ORGANIZATION -> organization(new OrganizationKey(name.key()));
                case SUBJECT -> subject(new OrganizationKey(name.organization()), new SubjectKey(name.key()));
                case PRICE, PRICE_ADJUSTMENT, UNKNOWN_MODELS -> {
                    // Nothing refers to these: calls without them are priced by what is left.
                }
            }
        }
    }

    private void meter(MeterKey meter) {
        var users = new ArrayList<String>();
        draft.plans()
                .values()
                .forEach(plan -> plan.limits().stream()
                        .filter(limit -> limit.meter().equals(meter))
                        .map(Limit::key)
                        .forEach(limit -> users.add("limit '" + limit + "' of plan '" + plan.key() + "'")));
        refuse("Meter '" + meter + "' is counted by ", users);
    }

    private void plan(PlanKey plan) {
        var users = new ArrayList<String>();
        for (var organization : draft.organizations().values()) {
            if (plan.equals(organization.plan()) || plan.equals(organization.anonymousPlan())) {
                users.add("organization '" + organization.key() + "'");
            }
            for (var subject : subjects(organization.key())) {
                if (plan.equals(subject.plan())) {
                    users.add("subject '" + subject.key() + "' of organization '" + organization.key() + "'");
                }
            }
        }
        refuse("Plan '" + plan + "' is in use by ", users);
    }

    private void organization(OrganizationKey key) {
        var users = subjects(key).stream()
                .map(subject -> "subject '" + subject.key() + "'")
                .toList();
        refuse("Organization '" + key + "' still has ", users);
    }

    /** The subjects of an organization as they will be. */
    private Collection<Subject> subjects(OrganizationKey organization) {
        var subjects = new HashMap<SubjectKey, Subject>();
        catalog.subjects(organization).forEach(subject -> subjects.put(subject.key(), subject));
        draft.subjects().stream()
                .filter(subject -> subject.organization().equals(organization))
                .forEach(subject -> subjects.put(subject.key(), subject));
        draft.removedSubjects().stream()
                .filter(subject -> subject.organization().equals(organization))
                .forEach(subject -> subjects.remove(subject.key()));
        return subjects.values();
    }

    /** As one that nobody declared, a blocked subject would be let in again. */
    private void subject(OrganizationKey key, SubjectKey subject) {
        var organization = draft.organizations().get(key);
        boolean blocked = catalog.subject(key, subject).map(Subject::blocked).orElse(false);
        if (blocked && organization != null && organization.unknownSubjects()) {
            throw new InUseException(
                    "Subject '" + subject
                            + "' is blocked; once deleted it would be let in again under the organization's plan. Unblock it first.");
        }
    }

    private static void refuse(String what, List<String> users) {
        if (!users.isEmpty()) {
            var named = users.stream().sorted().limit(NAMED_MAX).toList();
            int more = users.size() - named.size();
            throw new InUseException(
                    what + String.join(", ", named) + (more > 0 ? " and " + more + " more" : "") + ".");
        }
    }
}
