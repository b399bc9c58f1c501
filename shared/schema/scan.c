#include "schema/scan.h"

#include "base/must.h"
#include "base/utf8.h"

enum shape { SHAPE_BAD, SHAPE_SCALAR, SHAPE_BYTES, SHAPE_STRING, SHAPE_ARRAY, SHAPE_MAP };

/* What one head byte announces. For scalars `size` is the payload after the head; for the others
 * it counts bytes, items or pairs. */
struct head {
    enum shape shape;
    size_t width; /* of the head with its length bytes; 0: cut off */
    uint64_t size;
};

static uint64_t big_endian(const unsigned char *at, size_t width)
{
    uint64_t value = 0;
    for (size_t i = 0; i < width; i++)
        value = value << 8 | at[i];
    return value;
}

#define SCAN_DEPTH_MAX 32

/* A head of which `width` bytes after the first hold the size. */
static struct head sized(enum shape shape, size_t width, const unsigned char *at, size_t len)
{
    if (len < 1 + width)
        return (struct head){SHAPE_BAD, 0, 0};
    return (struct head){shape, 1 + width, big_endian(at + 1, width)};
}

/* The format table of the MessagePack specification, ext types left out: nobody sends them here. */
static struct head read_head(const unsigned char *at, size_t len)
{
    static const uint8_t fixed[] = {4, 8, 1, 2, 4, 8, 1, 2, 4, 8}; /* 0xca to 0xd3 */
    unsigned char c = at[0];
    if (c <= 0x7F || c >= 0xE0 || c == 0xC0 || c == 0xC2 || c == 0xC3)
        return (struct head){SHAPE_SCALAR, 1, 0};
    if (c <= 0x8F)
        return (struct head){SHAPE_MAP, 1, c & 0x0Fu};
    if (c <= 0x9F)
        return (struct head){SHAPE_ARRAY, 1, c & 0x0Fu};
    if (c <= 0xBF)
        return (struct head){SHAPE_STRING, 1, c & 0x1Fu};
    if (c >= 0xC4 && c <= 0xC6)
        return sized(SHAPE_BYTES, (size_t)1 << (c - 0xC4), at, len);
    if (c >= 0xCA && c <= 0xD3)
        return (struct head){SHAPE_SCALAR, 1, fixed[c - 0xCA]};
    if (c >= 0xD9 && c <= 0xDB)
        return sized(SHAPE_STRING, (size_t)1 << (c - 0xD9), at, len);
    if (c == 0xDC || c == 0xDD)
        return sized(SHAPE_ARRAY, c == 0xDC ? 2 : 4, at, len);
    if (c == 0xDE || c == 0xDF)
        return sized(SHAPE_MAP, c == 0xDE ? 2 : 4, at, len);
    return (struct head){SHAPE_BAD, 1, 0};
}

static size_t complain(const char **ret_complaint, const char *complaint)
{
    *ret_complaint = complaint;
    return 0;
}

/* A container that is being walked: how many values are still to come in it. */
struct level {
    uint64_t left;
    bool is_map;
};

/* One value without what is inside it; where the walk goes on, or 0. */
static size_t step(struct text packed, size_t at, struct head *head, const char **ret_complaint)
{
    *head = read_head((const unsigned char *)packed.at + at, packed.len - at);
    if (head->shape == SHAPE_BAD)
        return complain(ret_complaint,
            head->width ? "holds a type that is not used here" : "ends in the middle of a value");
    at += head->width;
    uint64_t left = packed.len - at;
    if (head->shape >= SHAPE_ARRAY) { /* each value inside takes a byte at least */
        uint64_t values = head->shape == SHAPE_MAP ? 2 * head->size : head->size;
        return values <= left
                   ? at
                   : complain(ret_complaint, "announces more items than there are bytes");
    }
    if (head->size > left)
        return complain(ret_complaint, "announces more bytes than there are");
    if (head->shape == SHAPE_STRING &&
        utf8_length((struct text){packed.at + at, (size_t)head->size}) == SIZE_MAX)
        return complain(ret_complaint, "holds a string that is not UTF-8");
    return at + (size_t)head->size;
}

size_t scan_value(struct text packed, unsigned depth, const char **ret_complaint)
{
    struct level levels[SCAN_DEPTH_MAX + 1] = {{.left = 1}};
    unsigned deep = 0;
    size_t at = 0;
    must(depth <= SCAN_DEPTH_MAX);
    for (;;) {
        struct level *level = &levels[deep];
        if (level->left == 0) {
            if (deep-- == 0)
                return at;
            continue;
        }
        if (at == packed.len)
            return complain(ret_complaint, "ends in the middle of a value");
        struct head head;
        bool is_key = level->is_map && level->left % 2 == 0;
        at = step(packed, at, &head, ret_complaint);
        if (at == 0)
            return 0;
        if (is_key && head.shape != SHAPE_STRING)
            return complain(ret_complaint, "has a key that is not a string");
        level->left--;
        if (head.shape < SHAPE_ARRAY)
            continue;
        if (deep == depth)
            return complain(ret_complaint, "is nested too deeply");
        bool is_map = head.shape == SHAPE_MAP;
        levels[++deep] = (struct level){is_map ? 2 * head.size : head.size, is_map};
    }
}

size_t scan_map_head(struct text packed, uint32_t *ret_pairs)
{
    if (packed.len == 0)
        return 0;
    struct head head = read_head((const unsigned char *)packed.at, packed.len);
    if (head.shape != SHAPE_MAP)
        return 0;
    *ret_pairs = (uint32_t)head.size;
    return head.width;
}
