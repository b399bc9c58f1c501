/* Documents, their bytes, and the signatures on them, as their readers get them. */
#include "queries.h"

#include "access.h"
#include "head.h"
#include "prose.h"
#include "signing.h"

#include "base/must.h"
#include "proof/statement.h"
#include "service/listing.h"

#define RAW_FRAME (200u * 1024u)

/* The kept bytes of an event, followed by the pairs that the view has beyond them. */
static void joined(
    struct text packed, const struct record *record, const void *value, struct reply *reply)
{
    uint32_t pairs;
    struct text inside = pack_inside(packed, &pairs);
    struct buf *out = reply_frame(reply);
    pack_map(out, pairs + pack_pairs(record, value));
    buf_text(out, inside);
    pack_fields(record, value, out);
    reply_end_frame(reply);
}

static void view_document(const struct document_entry *document, struct reply *reply)
{
    struct document_view shown = {.voided = document->voided ? FLAG_YES : FLAG_NO,
        .in_force = document->in_force ? FLAG_YES : FLAG_NO,
        .position = {(int64_t)document->position, true},
        .frozen_at = {document->at_ms, true}};
    if (document->superseded_by)
        shown.superseded_by = document->superseded_by->facts.id;
    joined(document->packed, document_view_record(), &shown, reply);
}

enum err document_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct document_list *asked = request->body;
    struct listing listing;
    enum err err = listing_open(&listing, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->document_count; i++) {
        const struct document_entry *document = model->documents[i];
        if ((asked->agreement.at && !text_equal(asked->agreement, document->facts.agreement)) ||
            !access_sees_document(model, request, document))
            continue;
        if (listing_takes(&listing, document->position, ret_reply))
            view_document(document, ret_reply);
    }
    listing_close(&listing, ret_reply);
    return OK;
}

/* It changes with its agreement: signed, voided, superseded. */
static void dated(const struct document_entry *document, struct reply *reply)
{
    reply_version(reply, document->agreement->version);
    reply_subject(reply, text_of(document->agreement->id));
}

enum err document_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct document_one *asked = request->body;
    const struct document_entry *document = NULL;
    enum err err = access_document(state, request, asked->document, &document, why);
    if (err)
        return err;
    must(document);
    view_document(document, ret_reply);
    dated(document, ret_reply);
    return OK;
}

static void answer_raw(struct text bytes, struct reply *reply)
{
    for (size_t from = 0; from < bytes.len; from += RAW_FRAME) {
        size_t left = bytes.len - from;
        buf_add(reply_frame(reply), bytes.at + from, left < RAW_FRAME ? left : RAW_FRAME);
        reply_end_frame(reply);
    }
}

enum err document_bytes_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct document_one *asked = request->body;
    const struct document_entry *document = NULL;
    enum err err = access_document(state, request, asked->document, &document, why);
    if (err)
        return err;
    must(document);
    answer_raw((struct text){document->bytes, document->len}, ret_reply);
    dated(document, ret_reply);
    return OK;
}

enum err document_text_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct document_one *asked = request->body;
    const struct document_entry *document = NULL;
    enum err err = access_document(state, request, asked->document, &document, why);
    if (err)
        return err;
    must(document);
    BUF_CLEANUP struct buf text = BUF(PROSE_MAX);
    if (!prose_write(document, &text))
        return faults_add(why, ERR_TOO_LARGE, "document",
            "the document is too long to be told as text; its bytes can be read");
    answer_raw(buf_as_text(&text), ret_reply);
    dated(document, ret_reply);
    return OK;
}

static void view_signature(const struct signature_entry *signature, struct reply *reply)
{
    struct signature_view shown = {.at = {signature->at_ms, true},
        .position = {(int64_t)signature->position, true},
        .withdrawn = signature->withdrawn ? FLAG_YES : FLAG_NO};
    joined(signature->packed, signature_view_record(), &shown, reply);
}

enum err signature_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct signature_list *asked = request->body;
    struct listing listing;
    enum err err = listing_open(&listing, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->signature_count; i++) {
        const struct signature_entry *signature = model->signatures[i];
        if ((asked->agreement.at && !text_equal(asked->agreement, signature->facts.agreement)) ||
            (asked->office.at && !text_equal(asked->office, signature->facts.office)) ||
            !access_sees(model, request, signature->agreement))
            continue;
        if (listing_takes(&listing, signature->position, ret_reply))
            view_signature(signature, ret_reply);
    }
    listing_close(&listing, ret_reply);
    return OK;
}

/* The latest key of the asker that signs today; absent when there is none. */
static struct text key_of(const struct model *model, const struct request *request)
{
    struct text id = {0};
    for (size_t i = 0; i < keys_count(model->keys); i++) {
        const struct signing_key *key = keys_at(model->keys, i);
        if (key->state == KEY_ENROLLED && text_equal(key->office, request->actor.office) &&
            text_equal(key->person, request->actor.person) && key->from <= request->today &&
            request->today <= key->until)
            id = key->id;
    }
    return id;
}

enum err statement_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct statement_one *asked = request->body;
    struct agreement_entry *agreement = NULL;
    struct signing signing;
    char root[DIGEST_HEX_SIZE];
    BUF_CLEANUP struct buf payload = BUF(8192);
    enum err err = access_agreement(model, request, asked->agreement, &agreement, why);
    if (err)
        return err;
    must(agreement);
    err = signing_office(model, request, agreement, why);
    if (err == OK)
        err =
            signing_plan(request, agreement, asked->act ? asked->act : SIGNING_SIGN, &signing, why);
    if (err)
        return err;
    signing.statement.head_size = (struct whole){(int64_t)head_now(model, root), true};
    signing.statement.head_root = text_of(root);
    err = statement_write(&payload, &signing.statement, why);
    if (err)
        return err;
    struct statement_view shown = {.payload = buf_as_text(&payload),
        .document = signing.document->facts.id,
        .key_id = key_of(model, request)};
    reply_add(ret_reply, statement_view_record(), &shown);
    reply_version(ret_reply, agreement->version);
    return OK;
}
