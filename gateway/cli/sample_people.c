#include "sample_people.h"

#include "dice.h"
#include "sample.h"

#include <ctype.h>
#include <stdio.h>

#define SEED UINT64_C(20210702)

/* Those at the centre; a member of the committee comes from a body and must not judge it. */
static const struct {
    const char *id, *office, *title, *body;
} centre[] = {
    {SAMPLE_FIRST, "administrator.1", "First administrator", NULL},
    {SAMPLE_SECOND, "administrator.2", "Second administrator", NULL},
    {"member.one", "committee.1", "Chair of the Review Committee", NULL},
    {"member.two", "committee.2", "Member of the Review Committee", "PWR"},
    {"member.three", "committee.3", "Member of the Review Committee", "EDU"},
    {"delivery.lead", "secretariat", "Head of the Delivery Unit", NULL},
    {"adviser.pm", "pmo", "Adviser in the PM Office", NULL},
    {"prime.minister", "pm", "Prime Minister", NULL},
    {"audit.general", "auditor", "Auditor General", NULL},
};
#define CENTRE (sizeof centre / sizeof *centre)

static const struct {
    const char *role, *title;
} posts[] = {
    {"focal", "Focal person"},
    {"secretary", "Secretary"},
    {"minister", "Minister"},
};
#define POSTS (sizeof posts / sizeof *posts)

static const char *const given_names[] = {"Ayesha", "Bilal", "Chand", "Dania", "Ejaz", "Farida",
    "Ghulam", "Hina", "Imran", "Javeria", "Kamran", "Lubna", "Mansoor", "Nadia", "Omar", "Parveen",
    "Qasim", "Rabia", "Saad", "Tahira", "Usman", "Wajiha", "Yasir", "Zainab"};
static const char *const family_names[] = {"Abbasi", "Baloch", "Chaudhry", "Durrani", "Effendi",
    "Farooqi", "Gilani", "Hashmi", "Iqbal", "Jatoi", "Khokhar", "Lodhi", "Mengal", "Niazi",
    "Orakzai", "Paracha", "Qureshi", "Rind", "Soomro", "Tareen", "Usmani", "Warsi", "Yousafzai"};

size_t sample_person_count(void)
{
    return CENTRE + POSTS * sample_body_count();
}

void sample_person_id(const char *role, struct text body, char out[ID_MAX + 1])
{
    int len = snprintf(out, ID_MAX + 1, "%.*s.%s", TEXT_ARG(body), role);
    for (int i = 0; i < len; i++)
        out[i] = (char)tolower((unsigned char)out[i]);
}

static void invent_name(struct sample_person *person)
{
    struct dice dice = dice_of(SEED, text_of(person->id));
    const char *given = given_names[dice_below(&dice, sizeof given_names / sizeof *given_names)];
    const char *family =
        family_names[dice_below(&dice, sizeof family_names / sizeof *family_names)];
    (void)snprintf(person->name, sizeof person->name, "%s %s (invented)", given, family);
}

struct sample_person sample_person(size_t index)
{
    struct sample_person person = {0};
    if (index < CENTRE) {
        (void)snprintf(person.id, sizeof person.id, "%s", centre[index].id);
        (void)snprintf(person.office, sizeof person.office, "%s", centre[index].office);
        (void)snprintf(person.title, sizeof person.title, "%s", centre[index].title);
        person.body = text_of(centre[index].body);
    } else {
        struct body body = sample_body((index - CENTRE) / POSTS);
        const char *role = posts[(index - CENTRE) % POSTS].role;
        sample_person_id(role, body.id, person.id);
        (void)snprintf(person.office, sizeof person.office, "%s.%.*s", role, TEXT_ARG(body.id));
        (void)snprintf(person.title, sizeof person.title, "%s, %.*s",
            posts[(index - CENTRE) % POSTS].title, TEXT_ARG(body.name));
    }
    invent_name(&person);
    return person;
}
