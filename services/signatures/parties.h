/* Who signs an agreement: the minister of the body that acts for it, and the Prime Minister; when
 * one person is both, the secretary signs in the minister's place and everybody is told. */
#ifndef MISAQ_SIGNATURES_PARTIES_H
#define MISAQ_SIGNATURES_PARTIES_H

#include "model.h"

#include "service/service.h"

#define PARTIES_PM       TEXT_LITERAL("pm")
#define PARTIES_CONFLICT 201 /* bytes of the sentence, terminated */

/* "minister.PWR", in `out`. */
struct text parties_minister(struct text body, char out[ID_MAX + 1]);
/* Whether the PM holds the minister's office of that body too. Writes the sentence that says so. */
bool parties_conflict(const struct roster *roster, struct text body, char out[PARTIES_CONFLICT]);

/* Calls `each` for every office that is to sign, ministers first, with its holder as it is now; the
 * ids are borrowed during the call. *ret_conflict becomes the sentence, or "" for none. */
void parties_each(const struct model *model, const struct roster *roster, struct text body,
    void (*each)(void *owner, const struct document_party *party), void *owner,
    char ret_conflict[PARTIES_CONFLICT]);

#endif
