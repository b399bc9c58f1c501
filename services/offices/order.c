#include "errands.h"

#include "search.h"

#include "base/must.h"
#include "base/utf8.h"

#include <sodium.h>

#define PASSWORD_LEAST 12

void order_write(const struct order *order, const struct person_view *view, struct buf *out)
{
    buf_add(out, order, sizeof *order);
    if (view)
        pack_write(person_view_record(), view, out);
    must(!out->full);
}

void order_read(struct text bytes, struct order *ret_order, struct text *ret_view)
{
    must(bytes.len >= sizeof *ret_order);
    memcpy(ret_order, bytes.at, sizeof *ret_order);
    *ret_view = (struct text){bytes.at + sizeof *ret_order, bytes.len - sizeof *ret_order};
}

void order_copy(char *out, size_t size, struct text text)
{
    must(text.len < size);
    if (text.len)
        memcpy(out, text.at, text.len);
    out[text.len] = '\0';
}

enum err order_check_password(struct text password, struct text person, struct text name,
    const char *member, struct faults *why)
{
    if (utf8_length(password) < PASSWORD_LEAST)
        return faults_add(why, ERR_INVALID, member,
            "a password has %d characters or more; a sentence is easiest", PASSWORD_LEAST);
    if (search_same(password, person) || search_same(password, name))
        return faults_add(
            why, ERR_INVALID, member, "the own name is the first password that others try");
    return OK;
}
