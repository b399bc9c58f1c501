#include "follow_place.h"

#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PATH_SIZE 1024

void follow_place_free(struct follow_place *place)
{
    free(place->had);
    *place = (struct follow_place){0};
}

bool follow_place_has(const struct follow_place *place, uint64_t position)
{
    if (position <= place->cursor)
        return true;
    for (size_t i = place->count; i > 0; i--)
        if (place->had[i - 1] == position)
            return true;
    return false;
}

void follow_place_take(struct follow_place *place, uint64_t position)
{
    if (place->count == place->room) {
        place->room = place->room ? 2 * place->room : 256;
        place->had = realloc(place->had, place->room * sizeof *place->had);
        must(place->had);
    }
    place->had[place->count++] = position;
}

bool follow_place_lacks(const struct follow_place *place, uint64_t previous)
{
    return !follow_place_has(place, previous);
}

void follow_place_reach(struct follow_place *place, uint64_t position)
{
    size_t kept = 0;
    if (position <= place->cursor)
        return;
    place->cursor = position;
    for (size_t i = 0; i < place->count; i++)
        if (place->had[i] > position)
            place->had[kept++] = place->had[i];
    place->count = kept;
}

static bool is_subscribed(struct text topic, const char *const *topics, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_starts(topic, text_of(topics[i])))
            return true;
    return false;
}

bool follow_place_missed(const struct follow_place *place, const struct stream_control *heads,
    const char *const *topics, size_t count)
{
    if (heads->many == FLAG_YES || (uint64_t)heads->from.value != place->heads)
        return true;
    for (uint32_t i = 0; i < heads->topics.head.count; i++) {
        const struct topic_head *head = &heads->topics.at[i];
        if (is_subscribed(head->topic, topics, count) &&
            !follow_place_has(place, (uint64_t)head->position.value))
            return true;
    }
    return false;
}

bool follow_place_load(const char *path, uint64_t *ret_cursor)
{
    char line[32] = "";
    *ret_cursor = 0;
    FILE *file = fopen(path, "re");
    if (!file)
        return errno == ENOENT;
    bool fine = fgets(line, sizeof line, file);
    (void)fclose(file);
    struct text rest, digits = text_cut(text_of(line), '\n', &rest);
    return fine && text_whole(digits, (uint64_t)WHOLE_MAX, ret_cursor);
}

bool follow_place_save(const char *path, uint64_t cursor)
{
    char draft[PATH_SIZE];
    int len = snprintf(draft, sizeof draft, "%s.new", path);
    FILE *file = len > 0 && len < (int)sizeof draft ? fopen(draft, "we") : NULL;
    if (!file)
        return false;
    bool fine =
        fprintf(file, "%" PRIu64 "\n", cursor) > 0 && fflush(file) == 0 && fsync(fileno(file)) == 0;
    return fclose(file) == 0 && fine && rename(draft, path) == 0;
}
