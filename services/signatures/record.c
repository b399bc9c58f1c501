#include "record.h"

#include "model.h"

#include "schema/pack.h"

enum err record_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct sealed *sealed = &model->sealed;
    char root[DIGEST_HEX_SIZE];
    (void)request;
    (void)why;
    struct record_head head = {.origin = text_of(sealed->origin),
        .size = {(int64_t)sealed->size, true},
        .root = text_of(digest_to_hex(&sealed->root, root)),
        .key = text_of(sealed->key),
        .sealed_at = {sealed->at_ms, sealed->at_ms > 0},
        .witnessed = {(int64_t)sealed->witnessed_size, true},
        .position = {(int64_t)merkle_size(model->tree), true},
        .hold = *sealed->hold ? text_of(sealed->hold) : (struct text){0}};
    reply_add(ret_reply, record_head_record(), &head);
    return OK;
}

static enum err answer_note(
    const struct buf *note, struct reply *reply, const char *none, struct faults *why)
{
    if (note->len == 0)
        return faults_add(why, ERR_NOT_FOUND, "", "%s", none);
    buf_text(reply_frame(reply), buf_as_text(note));
    reply_end_frame(reply);
    return OK;
}

enum err record_checkpoint_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    (void)request;
    return answer_note(
        &((const struct model *)state)->sealed.note, ret_reply, "nothing is sealed yet", why);
}

enum err record_witnessed_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    (void)request;
    return answer_note(&((const struct model *)state)->sealed.witnessed, ret_reply,
        "no witness has signed yet", why);
}

/* ---- proofs ---- */

/* Only what is sealed is proved: nobody could check a proof to a root that nobody signed. */
static enum err check_size(
    const struct sealed *sealed, const char *member, uint64_t size, struct faults *why)
{
    if (size <= sealed->size)
        return OK;
    return faults_add(why, ERR_INVALID, member,
        "the last checkpoint covers %llu entries; ask again when more are sealed",
        (unsigned long long)sealed->size);
}

struct hexes {
    char at[MERKLE_PATH_MAX][DIGEST_HEX_SIZE];
};

static uint32_t write_path(
    const struct merkle_path *path, struct hexes *hexes, struct record_hash *out)
{
    for (uint32_t i = 0; i < path->count; i++)
        out[i].hash = text_of(digest_to_hex(&path->at[i], hexes->at[i]));
    return path->count;
}

enum err inclusion_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct inclusion_one *asked = request->body;
    uint64_t size = asked->size.given ? (uint64_t)asked->size.value : model->sealed.size;
    uint64_t position = (uint64_t)asked->position.value;
    struct merkle_path path;
    struct hexes hexes;
    char leaf[DIGEST_HEX_SIZE], root[DIGEST_HEX_SIZE];
    enum err err = check_size(&model->sealed, "size", size, why);
    if (err == OK && position > size)
        err = faults_add(why, ERR_INVALID, "position", "a tree of %llu entries does not have it",
            (unsigned long long)size);
    if (err != OK)
        return err;
    merkle_inclusion(model->tree, position - 1, size, &path);
    struct digest at = merkle_leaf_at(model->tree, position - 1);
    struct digest top = merkle_root(model->tree, size);
    struct inclusion proof = {.position = asked->position,
        .size = {(int64_t)size, true},
        .leaf = text_of(digest_to_hex(&at, leaf)),
        .root = text_of(digest_to_hex(&top, root))};
    proof.path.head.count = write_path(&path, &hexes, proof.path.at);
    proof.path.head.given = true;
    reply_add(ret_reply, inclusion_record(), &proof);
    return OK;
}

enum err consistency_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct consistency_one *asked = request->body;
    uint64_t to = asked->to.given ? (uint64_t)asked->to.value : model->sealed.size;
    uint64_t from = (uint64_t)asked->from.value;
    struct merkle_path path;
    struct hexes hexes;
    char from_hex[DIGEST_HEX_SIZE], to_hex[DIGEST_HEX_SIZE];
    enum err err = check_size(&model->sealed, "to", to, why);
    if (err == OK && from > to)
        err = faults_add(why, ERR_INVALID, "from", "the older tree is not larger than the newer");
    if (err != OK)
        return err;
    merkle_consistency(model->tree, from, to, &path);
    struct digest from_root = merkle_root(model->tree, from);
    struct digest to_root = merkle_root(model->tree, to);
    struct consistency proof = {.from = asked->from,
        .to = {(int64_t)to, true},
        .from_root = text_of(digest_to_hex(&from_root, from_hex)),
        .to_root = text_of(digest_to_hex(&to_root, to_hex))};
    proof.path.head.count = write_path(&path, &hexes, proof.path.at);
    proof.path.head.given = true;
    reply_add(ret_reply, consistency_record(), &proof);
    return OK;
}
