/* The tree beside the definitions of RFC 9162, section 2.1, written down here once more as they
 * stand there: recursive, over leaves. */
#include "proof/merkle.h"
#include "support/chance.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ALL   300   /* every size and every index up to here */
#define LARGE 40000 /* leaves of the tree in which places are drawn */
#define DRAWS 3000

static struct digest leaves[LARGE];
static struct digest known[ALL + 1][ALL + 1]; /* MTH(D[from:to]), once it was computed */
static bool is_known[ALL + 1][ALL + 1];

static struct digest both(struct digest left, struct digest right)
{
    unsigned char bytes[65] = {1};
    struct digest hash;
    memcpy(bytes + 1, left.at, 32);
    memcpy(bytes + 33, right.at, 32);
    crypto_hash_sha256(hash.at, bytes, sizeof bytes);
    return hash;
}

/* "k being the largest power of two smaller than n" */
static uint64_t smaller_power(uint64_t n)
{
    uint64_t k = 1;
    while (2 * k < n)
        k *= 2;
    return k;
}

static struct digest mth(uint64_t from, uint64_t to)
{
    struct digest hash;
    if (to == from) {
        crypto_hash_sha256(hash.at, (const unsigned char *)"", 0);
        return hash;
    }
    if (to - from == 1)
        return leaves[from];
    if (to <= ALL && is_known[from][to])
        return known[from][to];
    uint64_t k = smaller_power(to - from);
    hash = both(mth(from, from + k), mth(from + k, to));
    if (to <= ALL) {
        known[from][to] = hash;
        is_known[from][to] = true;
    }
    return hash;
}

static void append(struct merkle_path *path, struct digest hash)
{
    path->at[path->count++] = hash;
}

/* PATH(m, D[from:to]) of 2.1.3.1 */
static void path_of(uint64_t m, uint64_t from, uint64_t to, struct merkle_path *path)
{
    if (to - from == 1)
        return;
    uint64_t k = smaller_power(to - from);
    if (m < k) {
        path_of(m, from, from + k, path);
        append(path, mth(from + k, to));
    } else {
        path_of(m - k, from + k, to, path);
        append(path, mth(from, from + k));
    }
}

/* SUBPROOF(m, D[from:to], whole) of 2.1.4.1 */
static void subproof(uint64_t m, uint64_t from, uint64_t to, bool whole, struct merkle_path *path)
{
    if (m == to - from) {
        if (!whole)
            append(path, mth(from, to));
        return;
    }
    uint64_t k = smaller_power(to - from);
    if (m <= k) {
        subproof(m, from, from + k, whole, path);
        append(path, mth(from + k, to));
    } else {
        subproof(m - k, from + k, to, false, path);
        append(path, mth(from, from + k));
    }
}

static void assert_same_path(const struct merkle_path *a, const struct merkle_path *b)
{
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->at, b->at, a->count * sizeof *a->at);
}

static struct merkle *tree_of(uint64_t size)
{
    struct merkle *tree = merkle_new();
    assert_non_null(tree);
    for (uint64_t i = 0; i < size; i++) {
        char entry[32];
        int len = snprintf(entry, sizeof entry, "entry %llu", (unsigned long long)i);
        leaves[i] = merkle_leaf((struct text){entry, (size_t)len});
        assert_true(merkle_add(tree, &leaves[i]));
    }
    return tree;
}

/* Inputs and roots of the reference vectors of Certificate Transparency. */
static void the_published_roots(void **state)
{
    (void)state;
    static const struct text entries[] = {{"", 0}, {"\x00", 1}, {"\x10", 1}, {"\x20\x21", 2},
        {"\x30\x31", 2}, {"\x40\x41\x42\x43", 4}, {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
        {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16}};
    static const char *const roots[] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    MERKLE_CLEANUP struct merkle *tree = merkle_new();
    for (uint64_t size = 0; size <= 8; size++) {
        char hex[DIGEST_HEX_SIZE];
        struct digest root = merkle_root(tree, size);
        assert_string_equal(digest_to_hex(&root, hex), roots[size]);
        struct digest leaf = size < 8 ? merkle_leaf(entries[size]) : (struct digest){{0}};
        assert_true(merkle_add(tree, &leaf));
    }
}

/* Every path of every tree: equal to the RFC's, accepted, and refused elsewhere. */
static void every_inclusion_up_to_300(void **state)
{
    (void)state;
    MERKLE_CLEANUP struct merkle *tree = tree_of(ALL);
    for (uint64_t size = 1; size <= ALL; size++) {
        struct digest root = merkle_root(tree, size), rfc = mth(0, size);
        assert_true(digest_equal(&root, &rfc));
        for (uint64_t index = 0; index < size; index++) {
            struct merkle_path path, expected = {0};
            merkle_inclusion(tree, index, size, &path);
            path_of(index, 0, size, &expected);
            assert_same_path(&path, &expected);
            struct digest leaf = merkle_leaf_at(tree, index);
            assert_true(merkle_verify_inclusion(&leaf, index, size, &path, &root));
            assert_false(merkle_verify_inclusion(&leaf, index ^ 1, size, &path, &root));
            assert_false(merkle_verify_inclusion(&leaf, size, size, &path, &root));
        }
    }
}

static void every_consistency_up_to_300(void **state)
{
    (void)state;
    MERKLE_CLEANUP struct merkle *tree = tree_of(ALL);
    struct digest nothing = mth(0, 0);
    for (uint64_t to = 1; to <= ALL; to++) {
        struct digest to_root = merkle_root(tree, to);
        for (uint64_t from = 1; from <= to; from++) {
            struct merkle_path path, expected = {0};
            struct digest from_root = merkle_root(tree, from);
            merkle_consistency(tree, from, to, &path);
            subproof(from, 0, to, true, &expected);
            assert_same_path(&path, &expected);
            assert_true(merkle_verify_consistency(from, &from_root, to, &to_root, &path));
            assert_false(merkle_verify_consistency(from, &nothing, to, &to_root, &path));
            assert_false(merkle_verify_consistency(from, &from_root, to, &nothing, &path));
            if (from < to)
                assert_false(merkle_verify_consistency(to, &from_root, from, &to_root, &path));
        }
    }
}

/* The root that a path leads to, from the top down. */
static struct digest climb(struct digest leaf, uint64_t index, uint64_t size,
    const struct merkle_path *path, uint32_t left)
{
    if (size == 1) {
        assert_int_equal(left, 0);
        return leaf;
    }
    assert_true(left > 0);
    uint64_t k = smaller_power(size);
    return index < k ? both(climb(leaf, index, k, path, left - 1), path->at[left - 1])
                     : both(path->at[left - 1], climb(leaf, index - k, size - k, path, left - 1));
}

static struct digest damaged(struct chance *chance, struct digest digest)
{
    digest.at[chance_below(chance, DIGEST_SIZE)] ^= (unsigned char)(1 << chance_below(chance, 8));
    return digest;
}

/* One change to a path that is not empty: a bit, a hash less, a hash more, two hashes swapped. */
static struct merkle_path spoilt(struct chance *chance, struct merkle_path path)
{
    uint32_t at = chance_below(chance, path.count);
    switch (chance_below(chance, 4)) {
    case 0:
        path.count--;
        break;
    case 1:
        path.at[path.count++] = path.at[at];
        break;
    case 2:
        if (path.count > 1) {
            uint32_t other = (at + 1) % path.count;
            struct digest kept = path.at[at];
            path.at[at] = path.at[other];
            path.at[other] = kept;
            break;
        }
        /* fall through */
    default:
        path.at[at] = damaged(chance, path.at[at]);
    }
    return path;
}

static void places_drawn_in_a_large_tree(void **state)
{
    (void)state;
    struct chance chance = chance_start("merkle");
    MERKLE_CLEANUP struct merkle *tree = tree_of(LARGE);
    assert_int_equal(merkle_size(tree), LARGE);
    for (int i = 0; i < DRAWS; i++) {
        uint64_t size = 1 + chance_below(&chance, LARGE),
                 index = chance_below(&chance, (uint32_t)size);
        struct digest root = merkle_root(tree, size), leaf = leaves[index];
        struct merkle_path path;
        merkle_inclusion(tree, index, size, &path);
        struct digest reached = climb(leaf, index, size, &path, path.count);
        assert_true(digest_equal(&reached, &root));
        assert_true(merkle_verify_inclusion(&leaf, index, size, &path, &root));
        leaf = damaged(&chance, leaf);
        assert_false(merkle_verify_inclusion(&leaf, index, size, &path, &root));
        if (path.count) {
            path = spoilt(&chance, path);
            assert_false(merkle_verify_inclusion(&leaves[index], index, size, &path, &root));
        }
    }
    for (int i = 0; i < DRAWS; i++) {
        uint64_t to = 1 + chance_below(&chance, LARGE),
                 from = 1 + chance_below(&chance, (uint32_t)to);
        struct digest to_root = merkle_root(tree, to), from_root = merkle_root(tree, from);
        struct merkle_path path;
        merkle_consistency(tree, from, to, &path);
        assert_true(merkle_verify_consistency(from, &from_root, to, &to_root, &path));
        struct digest other = damaged(&chance, to_root);
        assert_false(merkle_verify_consistency(from, &from_root, to, &other, &path));
        other = damaged(&chance, from_root);
        assert_false(merkle_verify_consistency(from, &other, to, &to_root, &path));
        if (path.count) {
            path = spoilt(&chance, path);
            assert_false(merkle_verify_consistency(from, &from_root, to, &to_root, &path));
        }
    }
}

/* The definitions above once against all of a large tree, without what they remember. */
static void a_large_root_is_the_rfcs(void **state)
{
    (void)state;
    MERKLE_CLEANUP struct merkle *tree = tree_of(LARGE);
    static const uint64_t sizes[] = {301, 1023, 1024, 1025, 4097, 32768, 39999, LARGE};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct digest root = merkle_root(tree, sizes[i]), rfc = mth(0, sizes[i]);
        assert_true(digest_equal(&root, &rfc));
    }
}

static void where_there_is_nothing_to_prove(void **state)
{
    (void)state;
    MERKLE_CLEANUP struct merkle *tree = tree_of(5);
    struct digest nothing = merkle_root(tree, 0), root = merkle_root(tree, 5), rfc = mth(0, 0);
    struct merkle_path empty, one = {.count = 1, .at = {nothing}};
    assert_true(digest_equal(&nothing, &rfc));
    merkle_consistency(tree, 0, 5, &empty);
    assert_int_equal(empty.count, 0);
    assert_true(merkle_verify_consistency(0, &nothing, 5, &root, &empty));
    assert_true(merkle_verify_consistency(0, &nothing, 0, &nothing, &empty));
    assert_false(merkle_verify_consistency(0, &root, 5, &root, &empty));
    assert_false(merkle_verify_consistency(0, &nothing, 0, &root, &empty));
    assert_false(merkle_verify_consistency(0, &nothing, 5, &root, &one));
    assert_false(merkle_verify_consistency(5, &root, 5, &root, &one));
    assert_false(merkle_verify_consistency(5, &root, 5, &nothing, &empty));
    assert_false(merkle_verify_consistency(3, &root, 5, &root, &empty));
    assert_false(merkle_verify_inclusion(&root, 0, 0, &empty, &root));
    struct merkle_path long_path = {.count = MERKLE_PATH_MAX + 1};
    assert_false(merkle_verify_inclusion(&root, 0, 5, &long_path, &root));
    assert_false(merkle_verify_consistency(3, &root, 5, &root, &long_path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_roots),
        cmocka_unit_test(every_inclusion_up_to_300),
        cmocka_unit_test(every_consistency_up_to_300),
        cmocka_unit_test(places_drawn_in_a_large_tree),
        cmocka_unit_test(a_large_root_is_the_rfcs),
        cmocka_unit_test(where_there_is_nothing_to_prove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
