/* agreement.freeze: the PM Office has closed its last thread; from here on the text is one sequence
 * of bytes, and every edit makes those void. */
#include "commands.h"

#include "access.h"
#include "document.h"

#include "base/must.h"

#define PART_BYTES 60000 /* the record allows this many */

static enum err check_threads(const struct agreement_entry *agreement, struct faults *why)
{
    uint32_t closed = agreement->threads_accepted + agreement->threads_answered;
    if (closed == agreement->threads)
        return OK;
    return faults_add(why, ERR_STATE, "agreement",
        "%u of %u feedback threads of %s are open; close them first", agreement->threads - closed,
        agreement->threads, agreement->id);
}

/* What is to be frozen: the draft that the PM Office has, or the amendment that is proposed. */
static enum err check_state(
    const struct agreement_entry *agreement, enum message *ret_event, struct faults *why)
{
    bool amends = agreement->state == STATE_AMENDING;
    *ret_event = amends ? MESSAGE_amendment_frozen : MESSAGE_agreement_frozen;
    if (amends && agreement->current)
        return faults_add(why, ERR_STATE, "agreement",
            "the amendment %.*s is frozen already, as %.*s; it waits for the signatures",
            TEXT_ARG(agreement->amendment.facts.id), TEXT_ARG(agreement->current->facts.id));
    return life_check(*ret_event, text_of(agreement->id), agreement->state, why);
}

static void add_parts(struct decision *decision, const struct agreement_entry *agreement,
    struct text document, struct text bytes)
{
    for (size_t from = 0, part = 1; from < bytes.len; from += PART_BYTES, part++) {
        size_t left = bytes.len - from;
        struct document_part piece = {.document = document,
            .part = {(int64_t)part, true},
            .bytes = {bytes.at + from, left < PART_BYTES ? left : PART_BYTES}};
        decision_add(decision, MESSAGE_document_part, text_of(agreement->id), document, &piece);
    }
}

static enum err freeze(const struct model *model, const struct request *request,
    const struct agreement_entry *agreement, enum message event, struct decision *decision,
    struct faults *why)
{
    BUF_CLEANUP struct buf bytes = BUF(DOCUMENT_MAX);
    char id[ID_MAX + 1], hex[DIGEST_HEX_SIZE], conflict[PARTIES_CONFLICT];
    uint64_t version = agreement->document_count + 1u;
    struct document_frozen frozen = {.id = model_name(agreement, 'd', version, id),
        .agreement = text_of(agreement->id),
        .version = {(int64_t)version, true}};
    if (agreement->in_force)
        frozen.supersedes = agreement->in_force->facts.sha256;
    if (!document_write(model, agreement, request, frozen.supersedes, &bytes, conflict))
        return faults_add(why, ERR_TOO_LARGE, "agreement",
            "the document of %s is longer than %u bytes; shorten its texts", agreement->id,
            DOCUMENT_MAX);
    struct digest digest = digest_of(buf_as_text(&bytes));
    frozen.sha256 = text_of(digest_to_hex(&digest, hex));
    frozen.bytes = (struct whole){(int64_t)bytes.len, true};
    frozen.parts = (struct whole){(int64_t)((bytes.len + PART_BYTES - 1) / PART_BYTES), true};
    if (conflict[0])
        frozen.conflict = text_of(conflict);
    decision_expect(decision, agreement->facts.body);
    decision_expect(decision, PARTIES_PM);
    decision_id(decision, frozen.id);
    decision_add(decision, event, frozen.agreement, frozen.id, &frozen);
    add_parts(decision, agreement, frozen.id, buf_as_text(&bytes));
    return OK;
}

enum err agreement_freeze_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct agreement_submit *asked = request->body;
    struct agreement_entry *agreement = NULL;
    enum message event = MESSAGE_UNSET;
    enum err err = access_agreement(state, request, asked->agreement, &agreement, why);
    if (err)
        return err;
    must(agreement);
    err = check_state(agreement, &event, why);
    if (err == OK)
        err = request_expects(request, agreement->version, why);
    if (err == OK)
        err = check_threads(agreement, why);
    return err ? err : freeze(state, request, agreement, event, ret_decision, why);
}
