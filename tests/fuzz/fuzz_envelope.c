/* The heads of requests and answers, refusals and published events: any frames are read or refused.
 * The first byte chooses the reader; the rest is cut into frames, each behind two bytes of length,
 * little end first. */
#include "base/must.h"
#include "bus/envelope.h"
#include "schema/pack.h"

#define FRAMES_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t cut(const uint8_t *data, size_t size, struct text frames[FRAMES_MAX])
{
    size_t count = 0;
    while (size >= 2 && count < FRAMES_MAX) {
        size_t len = data[0] | (size_t)data[1] << 8;
        data += 2;
        size -= 2;
        if (len > size)
            len = size;
        frames[count++] = (struct text){(const char *)data, len};
        data += len;
        size -= len;
    }
    return count;
}

static void read_request(const struct bus_message *message, struct faults *why)
{
    struct envelope envelope;
    enum message named;
    if (envelope_read(message, &envelope, &named, why) != OK) {
        must(why->total > 0);
        return;
    }
    must(message_row(named)->kind != MESSAGE_EVENT && envelope.id.len > 0);
    BUF_CLEANUP struct buf out = BUF(1u << 16);
    pack_write(envelope_record(), &envelope, &out);
    must(!out.full && !pack_complaint(buf_as_text(&out)));
}

static void read_refusal(const struct bus_message *message, struct faults *why)
{
    static struct faults again;
    BUF_CLEANUP struct buf out = BUF(1u << 20);
    size_t ends[FAULTS_KEPT];
    struct answer answer;
    if (envelope_read_answer(message, &answer, why) == OK)
        must(answer.id.len > 0 && answer.status.len > 0);
    envelope_read_faults(message, ERR_INTERNAL, why);
    must(why->total > 0);
    size_t count = envelope_write_faults(why, &out, ends);
    must(count == faults_kept(why) && !out.full);
    struct text frames[1 + FRAMES_MAX] = {TEXT_LITERAL("head")};
    for (size_t i = 0; i < count; i++) {
        size_t from = i ? ends[i - 1] : 0;
        frames[1 + i] = (struct text){out.at + from, ends[i] - from};
    }
    envelope_read_faults(
        &(struct bus_message){.count = 1 + count, .frames = frames}, ERR_INTERNAL, &again);
    must(again.total == why->total);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct faults why;
    struct text frames[FRAMES_MAX];
    if (size < 1)
        return 0;
    struct bus_message message = {.count = cut(data + 1, size - 1, frames), .frames = frames};
    struct published published;
    faults_clear(&why);
    if (data[0] % 3 == 0)
        read_request(&message, &why);
    else if (data[0] % 3 == 1)
        read_refusal(&message, &why);
    else if (envelope_read_published(&message, &published))
        must(published.is_hold
                 ? published.reason.len > 0 && published.reason.len <= ENVELOPE_REASON_MAX
                 : published.is_head || (published.position > 0 && published.packed.len > 0));
    return 0;
}
