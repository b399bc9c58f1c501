/* The register of keys as anybody may read it. */
#include "queries.h"

#include "model.h"

#include "base/must.h"
#include "service/listing.h"

static struct whole position_of(uint64_t position)
{
    return (struct whole){(int64_t)position, position > 0};
}

/* The kept bytes of the proposal, followed by the pairs that the view has beyond them. */
static void view(const struct model *model, const struct signing_key *key, struct reply *reply)
{
    const struct seat *seat = model_seat(model, key->office);
    must(seat);
    struct key_view shown = {.state = key->state,
        .proposed_by = key->proposed_by,
        .confirmed_by = key->confirmed_by,
        .enrolled = position_of(key->enrolled),
        .revoked = position_of(key->ended),
        .enrolled_at = {key->enrolled_ms, key->enrolled > 0},
        .revoked_at = {key->ended_ms, key->ended > 0},
        .reason = key->reason,
        .version = {(int64_t)seat->version, true}};
    uint32_t pairs;
    struct text inside = pack_inside(key->packed, &pairs);
    struct buf *out = reply_frame(reply);
    pack_map(out, pairs + pack_pairs(key_view_record(), &shown));
    buf_text(out, inside);
    pack_fields(key_view_record(), &shown, out);
    reply_end_frame(reply);
}

enum err key_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct key_list *asked = request->body;
    struct listing listing;
    enum err err = listing_open(&listing, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < keys_count(model->keys); i++) {
        const struct signing_key *key = keys_at(model->keys, i);
        if ((asked->office.at && !text_equal(asked->office, key->office)) ||
            (asked->person.at && !text_equal(asked->person, key->person)) ||
            (asked->state && asked->state != key->state))
            continue;
        if (listing_takes(&listing, key->proposed, ret_reply))
            view(model, key, ret_reply);
    }
    listing_close(&listing, ret_reply);
    return OK;
}

enum err key_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct key_one *asked = request->body;
    const struct signing_key *key = keys_find(model->keys, asked->key_id);
    if (!key)
        return faults_add(why, ERR_NOT_FOUND, "key_id",
            "there is no key %.*s; the register of keys has them", TEXT_ARG(asked->key_id));
    view(model, key, ret_reply);
    reply_version(ret_reply, model_seat(model, key->office)->version);
    reply_subject(ret_reply, key->office);
    return OK;
}
