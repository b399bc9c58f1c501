#include "view.h"

#include "schema/json.h"
#include "schema/pack.h"

#define VIEW_MAX (1u << 20)

void view_pack(uint64_t position, const struct event *event, struct buf *out)
{
    struct event_view view = {.position = {(int64_t)position, true},
        .type = event->type,
        .subject = event->subject,
        .about = event->about,
        .at = event->at,
        .actor = event->actor,
        .has_actor = event->has_actor,
        .cause = event->cause,
        .data = event->data};
    pack_write(event_view_record(), &view, out);
}

bool view_json(uint64_t position, const struct event *event, struct buf *out)
{
    BUF_CLEANUP struct buf packed = BUF(VIEW_MAX);
    size_t before = out->len;
    view_pack(position, event, &packed);
    if (!packed.full && json_write(event_view_record(), buf_as_text(&packed), out) && !out->full)
        return true;
    out->len = before;
    return false;
}
