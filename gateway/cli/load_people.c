/* What is there already is seen by who holds which office: the posting comes last. Every request
 * before it has a fixed key, so that going on where a load was interrupted does nothing twice. */
#include "load_people.h"

#include "founding.h"
#include "sample_people.h"

#include <stdio.h>
#include <stdlib.h>

#define PATH_SIZE 192
#define KEY_SIZE  192

extern char **environ;

struct keepers {
    struct desk *desk;
    struct seat seats[2]; /* the administrators */
    bool *held;           /* of each sample person */
};

static bool set_password(struct desk *desk, struct text person, const char *code)
{
    BUF_CLEANUP struct buf json = BUF(1024);
    JSON_CLEANUP struct json_document document = {0};
    struct password_kept kept;
    buf_printf(&json, "{\"person\":\"%.*s\",\"code\":\"%s\",\"password\":\"" SAMPLE_PASSWORD "\"}",
        TEXT_ARG(person), code);
    struct call call = {.method = "POST",
        .path = "/v1/passwords",
        .type = "application/json",
        .body = buf_as_text(&json)};
    return desk_read(desk, NULL, call, password_kept_record(), &document, &kept);
}

/* ---- the administrators ---- */

static bool found(struct desk *desk)
{
    static struct settings settings;
    static struct faults why;
    struct sample_person first = sample_person(0), second = sample_person(1);
    const struct sample_person *both[] = {&first, &second};
    const struct government_found people = {
        .first = {.id = text_of(first.id), .name = text_of(first.name)},
        .has_first = true,
        .second = {.id = text_of(second.id), .name = text_of(second.name)},
        .has_second = true};
    char code[FOUNDING_CODE_SIZE];
    bool fine = settings_read(environ, &settings, &why) == OK &&
                founding_do(&settings, &people, &why) == OK;
    for (size_t i = 0; fine && i < 2; i++) {
        struct seat seat;
        bool refused = false;
        if (desk_sign_in(desk, text_of(both[i]->id), SAMPLE_PASSWORD, NULL, &seat, &refused))
            continue; /* an earlier load came as far as this */
        fine = refused && founding_code(&settings, text_of(both[i]->id), code, &why) == OK;
        if (fine && !set_password(desk, text_of(both[i]->id), code))
            return false;
    }
    if (!fine)
        (void)fprintf(stderr, "misaq: the government cannot be founded: %s %s\n",
            why.kept[0].member, why.kept[0].detail);
    return fine;
}

static bool take_seats(struct desk *desk, struct seat seats[2])
{
    bool refused = false;
    for (size_t i = 0; i < 2; i++) {
        struct sample_person person = sample_person(i);
        if (!desk_sign_in(
                desk, text_of(person.id), SAMPLE_PASSWORD, person.office, &seats[i], &refused))
            return false;
    }
    return true;
}

bool load_people_found(struct desk *desk, struct seat *ret_keeper)
{
    struct seat seats[2];
    if (!found(desk) || !take_seats(desk, seats))
        return false;
    *ret_keeper = seats[0];
    return true;
}

/* ---- everybody else ---- */

static void on_office(void *owner, const void *value)
{
    struct keepers *keepers = owner;
    const struct office_view *view = value;
    for (size_t i = 0; view->holder.len && i < sample_person_count(); i++)
        if (text_is(view->office.id, sample_person(i).office))
            keepers->held[i] = true;
}

/* One act of an administrator; `about` makes its key. */
static bool act(struct keepers *keepers, int which, const char *path, const char *what,
    const char *about, const struct record *record, const void *value,
    struct desk_receipt *ret_receipt)
{
    char key[KEY_SIZE];
    (void)snprintf(key, sizeof key, "sample-%s-%s", what, about);
    struct call call = {.path = path, .key = key};
    return desk_post(keepers->desk, &keepers->seats[which], call, record, value, ret_receipt);
}

static bool read_half(struct keepers *keepers, int which, const char *person, char out[24])
{
    char path[PATH_SIZE];
    JSON_CLEANUP struct json_document document = {0};
    struct code code;
    (void)snprintf(path, sizeof path, "/v1/people/%s/code", person);
    struct call call = {.method = "GET", .path = path};
    if (!desk_read(keepers->desk, &keepers->seats[which], call, code_record(), &document, &code))
        return false;
    struct text half = which ? code.second : code.first;
    (void)snprintf(out, 24, "%.*s", TEXT_ARG(half));
    return half.len > 0;
}

static bool give_password(struct keepers *keepers, const struct sample_person *person)
{
    char path[PATH_SIZE], first[24], second[24], code[48];
    struct seat seat;
    bool refused = false;
    (void)snprintf(path, sizeof path, "/v1/people/%s/invite", person->id);
    if (!act(keepers, 0, path, "invite", person->id, NULL, NULL, NULL))
        return false;
    (void)snprintf(path, sizeof path, "/v1/people/%s/invite/confirm", person->id);
    if (!act(keepers, 1, path, "invite-confirm", person->id, NULL, NULL, NULL) ||
        !read_half(keepers, 0, person->id, first) || !read_half(keepers, 1, person->id, second))
        return false;
    (void)snprintf(code, sizeof code, "%s-%s", first, second);
    return set_password(keepers->desk, text_of(person->id), code) ||
           desk_sign_in(/* an earlier load has used the code */
               keepers->desk, text_of(person->id), SAMPLE_PASSWORD, NULL, &seat, &refused);
}

static bool give_office(struct keepers *keepers, const struct sample_person *person)
{
    const struct office_new office = {text_of(person->office), text_of(person->title)};
    const struct posting_propose proposal = {
        .office = text_of(person->office),
        .person = text_of(person->id),
        .order = TEXT_LITERAL("Sample notification, invented"),
    };
    char path[PATH_SIZE];
    struct desk_receipt posting;
    if (!act(keepers, 0, "/v1/offices", "office", person->office, office_new_record(), &office,
            NULL) ||
        !act(keepers, 0, "/v1/postings", "posting", person->office, posting_propose_record(),
            &proposal, &posting))
        return false;
    (void)snprintf(path, sizeof path, "/v1/postings/%s/confirm", posting.id);
    return act(keepers, 1, path, "confirm", person->office, NULL, NULL, NULL);
}

static bool make_person(struct keepers *keepers, const struct sample_person *made)
{
    const struct person person = {text_of(made->id), text_of(made->name), made->body};
    return act(keepers, 0, "/v1/people", "person", made->id, person_record(), &person, NULL) &&
           give_password(keepers, made) && give_office(keepers, made);
}

bool load_people(struct desk *desk, uint32_t *made)
{
    size_t count = sample_person_count();
    struct keepers keepers = {.desk = desk, .held = calloc(count, sizeof(bool))};
    struct office_view view;
    bool fine =
        keepers.held && take_seats(desk, keepers.seats) &&
        desk_list(desk, NULL, "/v1/offices", office_view_record(), &view, on_office, &keepers);
    for (size_t i = 2; fine && i < count; i++) {
        struct sample_person person = sample_person(i);
        if (keepers.held[i])
            continue;
        fine = make_person(&keepers, &person);
        ++*made;
    }
    free(keepers.held);
    return fine;
}

bool load_people_seat(struct desk *desk, const char *role, struct text body, struct seat *ret_seat)
{
    char office[ID_MAX + 1];
    bool refused = false;
    (void)snprintf(office, sizeof office, "%s%s%.*s", role, body.len ? "." : "", TEXT_ARG(body));
    for (size_t i = 0; i < sample_person_count(); i++) {
        struct sample_person person = sample_person(i);
        if (strcmp(person.office, office) == 0) {
            if (desk_sign_in(desk, text_of(person.id), SAMPLE_PASSWORD, office, ret_seat, &refused))
                return true;
            if (refused)
                (void)fprintf(
                    stderr, "misaq: %s does not sign in with the sample's password\n", person.id);
            return false;
        }
    }
    return false;
}
