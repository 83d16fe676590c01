package dev.quotary.client;

import dev.quotary.client.json.Json;

/** Changes of members within members. */
final class Members {
    private Members() {}

    /** With a member of the object that is the member {@code outer}, which is made if it is not there. */
    static Json.Obj nested(Json.Obj members, String outer, String inner, Json value) {
        var object = new Json.Obj(members.at(outer).entries()).with(inner, value);
        return members.with(outer, object);
    }
}
