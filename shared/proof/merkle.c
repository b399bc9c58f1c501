#include "proof/merkle.h"

#include "base/must.h"

#include <sodium.h>
#include <stdlib.h>

#define LEVELS 64

/* Hash i of level k is the root of the leaves i * 2^k to (i + 1) * 2^k - 1, all of them there. */
struct level {
    struct digest *at;
    uint64_t count, room;
};

struct merkle {
    struct level levels[LEVELS];
};

struct merkle *merkle_new(void)
{
    return calloc(1, sizeof(struct merkle));
}

void merkle_free(struct merkle *tree)
{
    for (size_t k = 0; tree && k < LEVELS; k++)
        free(tree->levels[k].at);
    free(tree);
}

struct digest merkle_leaf(struct text entry)
{
    struct digest hash;
    crypto_hash_sha256_state state;
    (void)crypto_hash_sha256_init(&state);
    (void)crypto_hash_sha256_update(&state, (const unsigned char[]){0x00}, 1);
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)entry.at, entry.len);
    (void)crypto_hash_sha256_final(&state, hash.at);
    return hash;
}

static struct digest node(const struct digest *left, const struct digest *right)
{
    unsigned char both[1 + 2 * DIGEST_SIZE] = {0x01};
    struct digest hash;
    memcpy(both + 1, left->at, DIGEST_SIZE);
    memcpy(both + 1 + DIGEST_SIZE, right->at, DIGEST_SIZE);
    (void)crypto_hash_sha256(hash.at, both, sizeof both);
    return hash;
}

static bool make_room(struct level *level)
{
    if (level->count < level->room)
        return true;
    uint64_t room = level->room ? 2 * level->room : 16;
    struct digest *at = reallocarray(level->at, room, sizeof *at);
    if (!at)
        return false;
    level->at = at;
    level->room = room;
    return true;
}

/* Adding leaf number n (from 0) completes as many subtrees as n has ones at its end. */
bool merkle_add(struct merkle *tree, const struct digest *leaf)
{
    uint64_t size = merkle_size(tree);
    for (size_t k = 0; k == 0 || size >> (k - 1) & 1; k++)
        if (!make_room(&tree->levels[k]))
            return false;
    struct digest hash = *leaf;
    for (size_t k = 0;; k++) {
        struct level *level = &tree->levels[k];
        level->at[level->count++] = hash;
        if (level->count % 2)
            return true;
        hash = node(&level->at[level->count - 2], &level->at[level->count - 1]);
    }
}

uint64_t merkle_size(const struct merkle *tree)
{
    return tree->levels[0].count;
}

struct digest merkle_leaf_at(const struct merkle *tree, uint64_t index)
{
    must(index < merkle_size(tree));
    return tree->levels[0].at[index];
}

/* The largest power of two below `size`, as its exponent; size > 1. */
static unsigned split_of(uint64_t size)
{
    return 63 - (unsigned)__builtin_clzll(size - 1);
}

/* MTH(D[from:to]) of the RFC, for ranges that its recursion meets: they begin at a multiple of the
 * next power of two, so that a complete one has its hash in a level. */
static struct digest hash_of(const struct merkle *tree, uint64_t from, uint64_t to)
{
    uint64_t size = to - from;
    if ((size & (size - 1)) == 0) {
        unsigned k = (unsigned)__builtin_ctzll(size);
        return tree->levels[k].at[from >> k];
    }
    uint64_t half = UINT64_C(1) << split_of(size);
    struct digest left = hash_of(tree, from, from + half);
    struct digest right = hash_of(tree, from + half, to);
    return node(&left, &right);
}

struct digest merkle_root(const struct merkle *tree, uint64_t size)
{
    must(size <= merkle_size(tree));
    return size ? hash_of(tree, 0, size) : digest_of((struct text){0});
}

static void add_step(struct merkle_path *path, struct digest hash)
{
    must(path->count < MERKLE_PATH_MAX);
    path->at[path->count++] = hash;
}

/* A walk from the root down meets the hashes of a path in the opposite order. */
static void turn_around(struct merkle_path *path)
{
    for (uint32_t i = 0, j = path->count; i + 1 < j; i++) {
        struct digest kept = path->at[i];
        path->at[i] = path->at[--j];
        path->at[j] = kept;
    }
}

void merkle_inclusion(
    const struct merkle *tree, uint64_t index, uint64_t size, struct merkle_path *ret_path)
{
    must(index < size && size <= merkle_size(tree));
    uint64_t from = 0, to = size;
    ret_path->count = 0;
    while (to - from > 1) {
        uint64_t middle = from + (UINT64_C(1) << split_of(to - from));
        if (index < middle) {
            add_step(ret_path, hash_of(tree, middle, to));
            to = middle;
        } else {
            add_step(ret_path, hash_of(tree, from, middle));
            from = middle;
        }
    }
    turn_around(ret_path);
}

/* SUBPROOF of the RFC, 2.1.4.1: down to the subtree that ends where the old tree ended. Where the
 * old tree is that subtree whole, the verifier has its hash. */
void merkle_consistency(
    const struct merkle *tree, uint64_t from, uint64_t to, struct merkle_path *ret_path)
{
    must(from <= to && to <= merkle_size(tree));
    uint64_t begin = 0, end = to;
    ret_path->count = 0;
    if (from == 0)
        return;
    while (from < end) {
        uint64_t middle = begin + (UINT64_C(1) << split_of(end - begin));
        if (from <= middle) {
            add_step(ret_path, hash_of(tree, middle, end));
            end = middle;
        } else {
            add_step(ret_path, hash_of(tree, begin, middle));
            begin = middle;
        }
    }
    if (begin > 0)
        add_step(ret_path, hash_of(tree, begin, end));
    turn_around(ret_path);
}

bool merkle_verify_inclusion(const struct digest *leaf, uint64_t index, uint64_t size,
    const struct merkle_path *path, const struct digest *root)
{
    if (index >= size || path->count > MERKLE_PATH_MAX)
        return false;
    uint64_t fn = index, sn = size - 1;
    struct digest hash = *leaf;
    for (uint32_t i = 0; i < path->count; i++) {
        if (sn == 0)
            return false;
        if (fn & 1 || fn == sn) {
            hash = node(&path->at[i], &hash);
            for (; !(fn & 1) && fn; fn >>= 1)
                sn >>= 1;
        } else {
            hash = node(&hash, &path->at[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && digest_equal(&hash, root);
}

/* The steps of 2.1.4.2; `old_hash` and `new_hash` are its fr and sr. */
static bool follow(uint64_t from, const struct digest *from_root, uint64_t to,
    const struct digest *to_root, const struct merkle_path *path)
{
    uint32_t used = 0;
    bool complete = (from & (from - 1)) == 0; /* then the old root begins the path */
    struct digest old_hash = complete ? *from_root : path->at[used++];
    struct digest new_hash = old_hash;
    uint64_t fn = from - 1, sn = to - 1;
    for (; fn & 1; fn >>= 1)
        sn >>= 1;
    for (; used < path->count; used++) {
        const struct digest *step = &path->at[used];
        if (sn == 0)
            return false;
        if (fn & 1 || fn == sn) {
            old_hash = node(step, &old_hash);
            new_hash = node(step, &new_hash);
            for (; !(fn & 1) && fn; fn >>= 1)
                sn >>= 1;
        } else {
            new_hash = node(&new_hash, step);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && digest_equal(&old_hash, from_root) && digest_equal(&new_hash, to_root);
}

bool merkle_verify_consistency(uint64_t from, const struct digest *from_root, uint64_t to,
    const struct digest *to_root, const struct merkle_path *path)
{
    struct digest nothing = digest_of((struct text){0});
    if (from > to || path->count > MERKLE_PATH_MAX)
        return false;
    if (from == 0)
        return path->count == 0 && digest_equal(from_root, &nothing) &&
               (to > 0 || digest_equal(to_root, &nothing));
    if (from == to)
        return path->count == 0 && digest_equal(from_root, to_root);
    return path->count > 0 && follow(from, from_root, to, to_root, path);
}
