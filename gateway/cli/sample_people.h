/* The people of the sample government: invented names for every role, one for each office of every
 * body. They share one password, which is printed: a demonstration, never more. */
#ifndef MISAQ_CLI_SAMPLE_PEOPLE_H
#define MISAQ_CLI_SAMPLE_PEOPLE_H

#include "schema/schema.h"

#define SAMPLE_PASSWORD "sample-password"
#define SAMPLE_FIRST    "admin.one" /* the two administrators who post all others */
#define SAMPLE_SECOND   "admin.two"

struct sample_person {
    char id[ID_MAX + 1]; /* "pwr.focal" */
    char name[64];
    char office[ID_MAX + 1]; /* "focal.PWR" */
    char title[160];
    struct text body; /* the body that a committee member comes from */
};

size_t sample_person_count(void);
/* The first two are the administrators. */
struct sample_person sample_person(size_t index);
/* The id of who holds an office of a body: role "focal", body "PWR". */
void sample_person_id(const char *role, struct text body, char out[ID_MAX + 1]);

#endif
