#include "access.h"

#include "facts/access.h"

bool access_sees(const struct model *model, const struct request *request,
    const struct agreement_entry *agreement)
{
    return agreement->public ||
           access_sees_drafts(model->bodies, &request->office, agreement->facts.body);
}

bool access_sees_document(
    const struct model *model, const struct request *request, const struct document_entry *document)
{
    return document->in_force ||
           access_sees_drafts(model->bodies, &request->office, document->agreement->facts.body);
}

enum err access_agreement(const struct model *model, const struct request *request, struct text id,
    struct agreement_entry **ret_agreement, struct faults *why)
{
    struct agreement_entry *agreement = model_agreement(model, id);
    if (!agreement || !access_sees(model, request, agreement))
        return faults_add(why, ERR_NOT_FOUND, "agreement",
            "there is no agreement %.*s; the list of agreements has the ids", TEXT_ARG(id));
    *ret_agreement = agreement;
    return OK;
}

enum err access_document(const struct model *model, const struct request *request, struct text id,
    const struct document_entry **ret_document, struct faults *why)
{
    const struct document_entry *document = model_document(model, id);
    if (!document || !access_sees_document(model, request, document) ||
        document->parts < document->facts.parts.value)
        return faults_add(why, ERR_NOT_FOUND, "document",
            "there is no document %.*s; the list of documents has the ids", TEXT_ARG(id));
    *ret_document = document;
    return OK;
}
