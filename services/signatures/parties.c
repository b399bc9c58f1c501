#include "parties.h"

#include "base/must.h"

#include <stdio.h>

static struct text office_of(const char *role, struct text body, char out[ID_MAX + 1])
{
    int len = snprintf(out, ID_MAX + 1, "%s.%.*s", role, TEXT_ARG(body));
    must(len > 0);
    return (struct text){out, len > ID_MAX ? ID_MAX : (size_t)len};
}

struct text parties_minister(struct text body, char out[ID_MAX + 1])
{
    return office_of("minister", body, out);
}

bool parties_conflict(const struct roster *roster, struct text body, char out[PARTIES_CONFLICT])
{
    char minister[ID_MAX + 1];
    struct text holder = roster_holder(roster, parties_minister(body, minister));
    out[0] = '\0';
    if (!holder.at || !text_equal(holder, roster_holder(roster, PARTIES_PM)))
        return false;
    (void)snprintf(out, PARTIES_CONFLICT,
        "the Prime Minister holds minister.%.*s too: secretary.%.*s signs in the minister's place",
        TEXT_ARG(body), TEXT_ARG(body));
    return true;
}

static void tell(const struct roster *roster, struct text office,
    void (*each)(void *owner, const struct document_party *party), void *owner)
{
    struct document_party party = {.office = office, .person = roster_holder(roster, office)};
    if (party.person.at)
        party.name = roster_name(roster, party.person);
    each(owner, &party);
}

void parties_each(const struct model *model, const struct roster *roster, struct text body,
    void (*each)(void *owner, const struct document_party *party), void *owner,
    char ret_conflict[PARTIES_CONFLICT])
{
    char id[ID_MAX + 1], conflict[PARTIES_CONFLICT];
    ret_conflict[0] = '\0';
    for (const struct notion *notion = model->body_notions; notion; notion = notion->hh.next) {
        struct text acting = text_of(notion->id);
        if (!bodies_act_for(model->bodies, acting, body))
            continue;
        tell(roster, parties_minister(acting, id), each, owner);
        if (!parties_conflict(roster, acting, conflict))
            continue;
        memcpy(ret_conflict, conflict, sizeof conflict);
        tell(roster, office_of("secretary", acting, id), each, owner);
    }
    tell(roster, PARTIES_PM, each, owner);
}
