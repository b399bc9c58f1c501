#include "proof/checkpoint.h"

#include "base/must.h"
#include "base/utf8.h"
#include "proof/base64.h"
#include "schema/schema.h"

/* Says what is wrong with a line, from 1; `bytes` are whole lines. */
static enum err refuse(struct faults *why, unsigned line, const char *detail)
{
    return faults_add(why, ERR_BAD_INPUT, "", "line %u of the checkpoint %s", line, detail);
}

static const char *extensions_complaint(struct text lines)
{
    for (size_t i = 0; i < lines.len; i++)
        if (lines.at[i] == '\n' && (i == 0 || lines.at[i - 1] == '\n'))
            return "or a later one is empty";
    return NULL;
}

static const char *line_complaint(struct text line)
{
    if (line.len == 0)
        return "is empty: the name of the log is missing";
    if (utf8_length(line) == SIZE_MAX)
        return "is not valid UTF-8";
    for (size_t i = 0; i < line.len; i++)
        if ((unsigned char)line.at[i] < 0x20)
            return "holds a control character";
    return NULL;
}

enum err checkpoint_read(struct text body, struct checkpoint *ret_checkpoint, struct faults *why)
{
    struct text left = body;
    if (body.len == 0 || body.at[body.len - 1] != '\n')
        return faults_add(why, ERR_BAD_INPUT, "", "the checkpoint does not end with a newline");
    struct checkpoint read = {.origin = text_cut(left, '\n', &left)};
    struct text size = text_cut(left, '\n', &left), root = text_cut(left, '\n', &left);
    const char *complaint = line_complaint(read.origin);
    size_t len;
    if (complaint)
        return refuse(why, 1, complaint);
    if (!text_whole(size, (uint64_t)WHOLE_MAX, &read.size))
        return refuse(why, 2, "is not a size: a whole number without leading zeros");
    if (!base64_read(BASE64_PADDED, root, read.root.at, DIGEST_SIZE, &len) || len != DIGEST_SIZE)
        return refuse(why, 3, "is not a root: 32 bytes in base64");
    struct digest nothing = digest_of((struct text){0});
    if (read.size == 0 && !digest_equal(&read.root, &nothing))
        return refuse(why, 3, "is not the root of a log without entries, as line 2 says");
    complaint = extensions_complaint(left);
    if (complaint)
        return refuse(why, 4, complaint);
    read.extensions = left;
    *ret_checkpoint = read;
    return OK;
}

void checkpoint_write(struct buf *out, const struct checkpoint *checkpoint)
{
    must(!line_complaint(checkpoint->origin) && checkpoint->size <= (uint64_t)WHOLE_MAX);
    buf_text(out, checkpoint->origin);
    buf_printf(out, "\n%llu\n", (unsigned long long)checkpoint->size);
    base64_write(out, BASE64_PADDED, (struct text){(const char *)checkpoint->root.at, DIGEST_SIZE});
    buf_char(out, '\n');
    buf_text(out, checkpoint->extensions);
}
