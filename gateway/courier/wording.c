#include "wording.h"

#include "base/clock.h"

#include <inttypes.h>

static const struct phrases {
    const char *soon, *late, *digest_body, *due, *end, *link;
} phrases[] = {
    [LANGUAGE_EN] = {"Misaq: due soon: ", "Misaq: overdue: ",
        "What came since the last digest and nobody has read yet, latest first:\n\n", "By ",
        "This office gets it because it asked for e-mail; it can change that under its inbox.\n",
        "Read on: "},
    [LANGUAGE_UR] = {"میثاق: جلد واجب: ", "میثاق: تاخیر: ",
        "پچھلے خلاصے کے بعد جو آیا اور ابھی کسی نے نہیں پڑھا، تازہ ترین پہلے:\n\n", "آخری تاریخ: ",
        "یہ ای میل اس لیے ہے کہ اس دفتر نے مانگی تھی؛ اسے اپنے ان باکس میں بدلا جا سکتا ہے۔\n",
        "مزید پڑھیں: "},
};

static const struct phrases *in(enum language language)
{
    return &phrases[language ? language : LANGUAGE_EN];
}

void wording_reminder(
    enum language language, const struct reminder *reminder, struct buf *subject, struct buf *body)
{
    char day[DAY_TEXT_SIZE];
    const struct phrases *words = in(language);
    day_to_text(reminder->due, day);
    buf_str(subject, reminder->urgency == URGENCY_OVERDUE ? words->late : words->soon);
    buf_text(subject, reminder->about);
    buf_printf(body, "%.*s\n%s%s\n\n", TEXT_ARG(reminder->what), words->due, day);
}

void wording_digest(
    enum language language, const struct digest_made *made, struct buf *subject, struct buf *body)
{
    const struct phrases *words = in(language);
    if (language == LANGUAGE_UR)
        buf_printf(subject, "میثاق: %" PRId64 " نئی اطلاعات برائے %.*s", made->unread.value,
            TEXT_ARG(made->office));
    else
        buf_printf(
            subject, "Misaq: %" PRId64 " new for %.*s", made->unread.value, TEXT_ARG(made->office));
    buf_str(body, words->digest_body);
}

void wording_item(const struct inbox_item *item, const char *link, struct buf *body)
{
    buf_printf(body, "- %.*s", TEXT_ARG(item->what));
    if (item->due) {
        char day[DAY_TEXT_SIZE];
        day_to_text(item->due, day);
        buf_printf(body, " (%s)", day);
    }
    if (item->path.len && *link)
        buf_printf(body, "\n  %s%.*s", link, TEXT_ARG(item->path));
    buf_char(body, '\n');
}

void wording_end(enum language language, const char *link, struct buf *body)
{
    if (*link)
        buf_printf(body, "\n%s%s\n", in(language)->link, link);
    buf_printf(body, "\n-- \n%s", in(language)->end);
}
