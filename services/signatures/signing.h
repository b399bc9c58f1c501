/* What a signature would do now, and what exactly it has to say: asked before somebody signs, and
 * compared with what was signed. */
#ifndef MISAQ_SIGNATURES_SIGNING_H
#define MISAQ_SIGNATURES_SIGNING_H

#include "model.h"
#include "parties.h"

#include "service/service.h"

/* Points into itself: do not copy. */
struct signing {
    const struct agreement_entry *agreement;
    const struct document_entry *document;
    enum message event;
    struct statement
        statement; /* all but the head, which the signer chooses among those there were */
    char minister[DIGEST_HEX_SIZE];
    char conflict[PARTIES_CONFLICT];
};

/* Whether the office signs for the agreement's body, or for the government. */
enum err signing_office(const struct model *model, const struct request *request,
    const struct agreement_entry *agreement, struct faults *why) MUST_CHECK;
/* What an act of the asker's office would be, by the role, the state and who has signed before.
 * The office has passed signing_office(). */
enum err signing_plan(const struct request *request, const struct agreement_entry *agreement,
    enum signing_act act, struct signing *ret_signing, struct faults *why) MUST_CHECK;

#endif
