"""RFC 9162, section 2, written down a second time from its recursive definitions, for tests that
must not believe the product: hashes are bytes, indexes begin at 0."""
import hashlib


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size):
    """The largest power of two below size."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves):
    """The root over leaf hashes (MTH)."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    half = split(len(leaves))
    return node_hash(root(leaves[:half]), root(leaves[half:]))


def root_from_inclusion(leaf, index, size, path):
    """The root that an inclusion path leads to; ValueError when it has the wrong length."""
    if not 0 <= index < size:
        raise ValueError("no such index")
    if size == 1:
        if path:
            raise ValueError("too long")
        return leaf
    if not path:
        raise ValueError("too short")
    half, above = split(size), path[-1]
    if index < half:
        return node_hash(root_from_inclusion(leaf, index, half, path[:-1]), above)
    return node_hash(above, root_from_inclusion(leaf, index - half, size - half, path[:-1]))


def verify_inclusion(leaf, index, size, path, expected):
    try:
        return root_from_inclusion(leaf, index, size, path) == expected
    except ValueError:
        return False


def roots_from_consistency(old, old_root, size, path, whole=True):
    """(old root, new root) that a consistency path leads to."""
    if old == size:
        if len(path) != (0 if whole else 1):
            raise ValueError("wrong length")
        return (old_root, old_root) if whole else (path[0], path[0])
    if not path:
        raise ValueError("too short")
    half, above = split(size), path[-1]
    if old <= half:
        first, second = roots_from_consistency(old, old_root, half, path[:-1], whole)
        return first, node_hash(second, above)
    first, second = roots_from_consistency(old - half, old_root, size - half, path[:-1], False)
    return node_hash(above, first), node_hash(above, second)


def verify_consistency(old, old_root, size, new_root, path):
    if old == 0:
        return not path and old_root == root([])
    if old > size:
        return False
    try:
        return roots_from_consistency(old, old_root, size, path) == (old_root, new_root)
    except ValueError:
        return False
