/* Documents and the signatures on them. The bytes of a document come in parts; when the last one
 * is there they must hash to what was frozen, or nothing that was signed can be shown. */
#include "apply.h"

#include "base/must.h"
#include "proof/digest.h"
#include "schema/pack.h"

#include <stdlib.h>

static const char *freeze(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened)
{
    struct faults why = {0};
    if (agreement->current)
        return "a text was frozen while another waits to be signed";
    struct document_entry *document = calloc(1, sizeof *document);
    must(document);
    *document = (struct document_entry){.agreement = agreement,
        .packed = model_copy(happened->data),
        .position = happened->position,
        .at_ms = happened->at_ms,
        .amends = happened->message == MESSAGE_amendment_frozen};
    must(pack_read_trusted(document_frozen_record(), document->packed, &document->facts, &why) ==
         OK);
    model->documents = model_room(model->documents, model->document_count, &model->document_room,
        sizeof(struct document_entry *));
    model->documents[model->document_count++] = document;
    agreement->document_count++;
    agreement->current = document;
    return NULL;
}

static const char *add_part(struct agreement_entry *agreement, const struct happened *happened)
{
    const struct document_part *part = happened->record;
    struct document_entry *document = agreement->current;
    if (!document || part->part.value != document->parts + 1)
        return "a part of a document out of turn";
    size_t whole = (size_t)document->facts.bytes.value;
    if (!document->bytes)
        must(document->bytes = malloc(whole));
    if (part->bytes.len > whole - document->len)
        return "a document is longer than was frozen";
    memcpy(document->bytes + document->len, part->bytes.at, part->bytes.len);
    document->len += part->bytes.len;
    if (++document->parts < document->facts.parts.value)
        return NULL;
    struct digest digest = digest_of((struct text){document->bytes, document->len});
    char hex[DIGEST_HEX_SIZE];
    bool fits =
        document->len == whole && text_is(document->facts.sha256, digest_to_hex(&digest, hex));
    return fits ? NULL : "the parts of a document are not what was frozen";
}

static void give_up(struct agreement_entry *agreement)
{
    struct document_entry *document = agreement->current;
    if (!document)
        return;
    document->voided = true;
    if (document->minister)
        document->minister->withdrawn = true;
    document->minister = NULL;
    agreement->current = NULL;
}

static void bring_into_force(struct agreement_entry *agreement, struct signature_entry *signature)
{
    struct document_entry *document = agreement->current;
    document->pm = signature;
    document->in_force = true;
    if (agreement->in_force)
        agreement->in_force->superseded_by = document;
    agreement->in_force = document;
    agreement->current = NULL;
}

static struct signature_entry *add_signature(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened)
{
    struct faults why = {0};
    struct signature_entry *signature = calloc(1, sizeof *signature);
    must(signature);
    *signature = (struct signature_entry){.event = happened->message,
        .agreement = agreement,
        .packed = model_copy(happened->data),
        .position = happened->position,
        .at_ms = happened->at_ms};
    must(pack_read_trusted(signature_record(), signature->packed, &signature->facts, &why) == OK);
    model->signatures = model_room(model->signatures, model->signature_count,
        &model->signature_room, sizeof(struct signature_entry *));
    model->signatures[model->signature_count++] = signature;
    agreement->signature_count++;
    return signature;
}

static const char *sign(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened)
{
    struct signature_entry *signature = add_signature(model, agreement, happened);
    struct document_entry *document = model_document(model, signature->facts.document);
    if (!document || (document != agreement->current && document != agreement->in_force))
        return "a signature on a document that cannot be signed";
    signature->document = document;
    switch ((int)happened->message) {
    case MESSAGE_agreement_unsigned:
        if (document->minister)
            document->minister->withdrawn = true;
        document->minister = NULL;
        return NULL;
    case MESSAGE_agreement_withdrawn_by_pm:
        if (document->pm)
            document->pm->withdrawn = true;
        document->pm = NULL;
        return NULL;
    case MESSAGE_agreement_adopted:
        document->pm = signature;
        return NULL;
    case MESSAGE_agreement_pm_signed:
    case MESSAGE_agreement_amended:
        if (document != agreement->current)
            return "a document came into force twice";
        bring_into_force(agreement, signature);
        if (happened->message == MESSAGE_agreement_amended)
            apply_amendment(agreement);
        return NULL;
    default: /* the minister's side: signed, or countersigned what is in force */
        document->minister = signature;
        return NULL;
    }
}

const char *apply_paper(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened)
{
    switch ((int)happened->message) {
    case MESSAGE_agreement_frozen:
    case MESSAGE_amendment_frozen:
        return freeze(model, agreement, happened);
    case MESSAGE_document_part:
        return add_part(agreement, happened);
    case MESSAGE_agreement_minister_signed:
    case MESSAGE_agreement_pm_signed:
    case MESSAGE_agreement_unsigned:
    case MESSAGE_agreement_countersigned:
    case MESSAGE_agreement_adopted:
    case MESSAGE_amendment_minister_signed:
    case MESSAGE_agreement_amended:
        return sign(model, agreement, happened);
    case MESSAGE_agreement_withdrawn_by_pm: {
        const char *complaint = sign(model, agreement, happened);
        give_up(agreement);
        return complaint;
    }
    case MESSAGE_agreement_reopened:
    case MESSAGE_amendment_dropped:
    case MESSAGE_agreement_lapsed:
    case MESSAGE_agreement_closed:
        give_up(agreement);
        apply_forget(&agreement->amendment);
        return NULL;
    default:
        return NULL;
    }
}
