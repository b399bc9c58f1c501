/* A row is a line of rules.def; nothing here is decided. */
#include "rules.h"

#define WHO(name)  (1u << WHO_##name)
#define ALWAYS     CASE_ALWAYS
#define CIRCLE     CASE_CIRCLE
#define SOON       CASE_SOON
#define LATE       CASE_LATE
#define RUNG(name) (1u << RUNG_##name)
#define RULE(event, when, who, urgency, path, sentence)                                            \
    {MESSAGE_##event, when, who, URGENCY_##urgency, path, sentence},
static const struct rule rules[] = {
#include "rules.def"
};
#undef RULE
#undef WHO

#define COUNT (sizeof rules / sizeof *rules)

size_t rules_count(void)
{
    return COUNT;
}

const struct rule *rules_at(size_t index)
{
    return &rules[index];
}

size_t rules_first(enum message event)
{
    size_t index = 0;
    while (index < COUNT && rules[index].event != event)
        index++;
    return index;
}

void rules_who(const struct rule *rule, struct buf *out)
{
    static const char *const words[] = {
#define WHO(name, where, role, in_words) in_words,
#include "who.def"
#undef WHO
    };
    bool first = true;
    for (unsigned who = 0; who < WHO_COUNT; who++) {
        if (!(rule->who & 1u << who))
            continue;
        buf_str(out, first ? "" : ", ");
        buf_str(out, words[who]);
        first = false;
    }
}
