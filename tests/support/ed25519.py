"""Ed25519 signing (RFC 8032, section 5.1) in Python, written anew: slow, short, and nobody's
library."""
import hashlib
import secrets

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P


def _root(y):
    """The even x of the point with this y."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return P - x if x & 1 else x


BASE = (_root(BASE_Y), BASE_Y, 1, _root(BASE_Y) * BASE_Y % P)  # x, y, z and t = xy/z


def _add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number, point=BASE):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


def _packed(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _number(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


class Key:
    """A private key; `public` are the bytes of its other half."""

    def __init__(self, seed=None):
        half = hashlib.sha512(seed or secrets.token_bytes(32)).digest()
        self.prefix = half[32:]
        number = int.from_bytes(half[:32], "little")
        self.number = number & ((1 << 254) - 8) | 1 << 254
        self.public = _packed(_times(self.number))

    def sign(self, message):
        nonce = _number(self.prefix, message) % ORDER
        point = _packed(_times(nonce))
        challenge = _number(point, self.public, message)
        return point + ((nonce + challenge * self.number) % ORDER).to_bytes(32, "little")
