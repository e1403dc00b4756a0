import re
import socket
import struct
import threading
import time

# Never greeted: what speaks in clear or first, and would log, count or block a stranger.
CLEAR = {
    *(20, 21, 22, 23, 25, 53, 69, 79, 80, 110, 111, 119, 139, 143, 179, 389, 445, 512, 513, 514),
    *(515, 587, 631, 873, 2049, 3205, 3260, 3300, 3306, 5432, 6379, 6789, 9100, 11211, 27017),
}
MOST, PATIENCE = 64, 3
SUITES = (  # those of TLS 1.2 first, then those of all before
    "c02bc02cc02fc030cca9cca8009e009fccaa009c009dc023c024c027c0280067006b003c003d"
    "c009c00ac013c0140033003900320038002f0035000a0005"
)
GROUPS = bytes.fromhex("000a000a0008001d001700180019" + "000b00020100")
SIGNATURES = bytes.fromhex("000d001c001a0403050306030807080808040805080604010501060102030201")


def hello(newest):
    """A client's greeting that offers no later version than `newest`."""
    suites = bytes.fromhex(SUITES) + b"\x00\xff"
    more = GROUPS + (SIGNATURES if newest >= 0x0303 else b"")
    body = struct.pack(">H", newest) + os.urandom(32) + b"\x00"
    body += struct.pack(">H", len(suites)) + suites + b"\x01\x00"
    body += struct.pack(">H", len(more)) + more
    body = b"\x01" + struct.pack(">I", len(body))[1:] + body
    return b"\x16\x03\x01" + struct.pack(">H", len(body)) + body


def exactly(link, count, end):
    data = b""
    while len(data) < count:
        link.settimeout(max(0.01, end - time.monotonic()))
        part = link.recv(count - len(data))
        if not part:
            raise OSError("it hung up")
        data += part
    return data


def greet(address, port, newest):
    """What it answers: (version, certificate); version 0: it refuses; None: it speaks no TLS."""
    end = time.monotonic() + PATIENCE
    version, said = None, b""
    try:
        with socket.create_connection((address, port), PATIENCE) as link:
            link.sendall(hello(newest))
            while len(said) < 200000:
                kind, major, _, size = struct.unpack(">BBBH", exactly(link, 5, end))
                if major != 3 or kind not in (21, 22):
                    return version, None
                data = exactly(link, size, end)
                if kind == 21:
                    return version or 0, None
                said += data
                while len(said) >= 4:
                    length = int.from_bytes(said[1:4], "big")
                    if len(said) < 4 + length:
                        break
                    message, body, said = said[0], said[4 : 4 + length], said[4 + length :]
                    if message == 2:
                        version = int.from_bytes(body[:2], "big")
                    elif message == 11:
                        first = int.from_bytes(body[3:6], "big")
                        return version, body[6 : 6 + first]
                    elif message == 14:
                        return version, None
    except (OSError, struct.error):
        pass
    return version, None


def newest(address, port):
    """The certificate of one that only speaks TLS 1.3, which hides it from those who look on."""
    try:
        import ssl

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        link = socket.create_connection((address, port), PATIENCE)
        with link, context.wrap_socket(link) as tls:
            return tls.getpeercert(binary_form=True)
    except (ImportError, OSError, ValueError):
        return None


def ask(listener):
    address = {"0.0.0.0": "127.0.0.1", "*": "127.0.0.1", "[::]": "::1"}.get(
        listener["address"], listener["address"].strip("[]")
    )
    version, certificate = greet(address, listener["port"], 0x0303)
    if version is None:
        return
    if certificate is None:
        certificate = newest(address, listener["port"])
    listener["tls"] = {
        "old": greet(address, listener["port"], 0x0302)[0] or 0,
        "certificate": (certificate or b"").hex(),
    }


def probe():
    answer = run(["ss", "-Htlnp"])
    if answer is None or answer["code"] != 0:
        raise RuntimeError("ss: %s" % (answer and answer["err"]))
    found = {}
    for line in answer["out"].splitlines():
        address, _, port = line.split()[3].rpartition(":")
        if address.startswith(("127.", "[::1]", "[::ffff:127.")) or int(port) in CLEAR:
            continue
        process = re.search(r'users:\(\("([^"]+)"', line)
        found[address, port] = {
            "address": address,
            "port": int(port),
            "process": process.group(1) if process else "",
        }
    listeners = list(found.values())
    threads = [threading.Thread(target=ask, args=(each,)) for each in listeners[:MOST]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "services": [each for each in listeners if "tls" in each],
        "unasked": len(listeners[MOST:]),
        "now": time.time(),
    }
