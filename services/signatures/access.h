/* Who sees which agreement, document and signature. What somebody may not see is simply not there
 * for him. */
#ifndef MISAQ_SIGNATURES_ACCESS_H
#define MISAQ_SIGNATURES_ACCESS_H

#include "model.h"

#include "service/service.h"

bool access_sees(const struct model *model, const struct request *request,
    const struct agreement_entry *agreement);
/* Own body and centre always; everybody once minister and PM have signed it. */
bool access_sees_document(const struct model *model, const struct request *request,
    const struct document_entry *document);

/* Finds what the request names among what its office sees; ERR_NOT_FOUND names the member. */
enum err access_agreement(const struct model *model, const struct request *request, struct text id,
    struct agreement_entry **ret_agreement, struct faults *why) MUST_CHECK;
/* The document with all its bytes. */
enum err access_document(const struct model *model, const struct request *request, struct text id,
    const struct document_entry **ret_document, struct faults *why) MUST_CHECK;

#endif
