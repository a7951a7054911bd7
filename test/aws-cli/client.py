"""The `aws` that tests call: asks server.py to do it, or becomes the program itself where nobody listens.

It sends its three streams with the length of a message in eight hexadecimal digits, and the message: folder,
number of arguments, arguments and environment, with a zero byte between two words. The answer is the exit code in
one byte. Only modules are used that are built in or small: this starts in ten milliseconds.
"""

import posix
import sys

import _socket

SOCKET, PROGRAM = '', ''  # filled in by quick-aws.ts


def encoded(text):
    return text.encode(sys.getfilesystemencoding(), 'surrogateescape')


def main():
    arguments = [encoded(word) for word in sys.argv[1:]]
    server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        server.connect(SOCKET)
    except OSError:
        posix.execv(PROGRAM, [b'aws', *arguments])
    environment = [name + b'=' + value for name, value in posix.environ.items()]
    words = [posix.getcwdb(), b'%d' % len(arguments), *arguments, *environment]
    message = b'\0'.join(words)
    streams = b''.join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    rights = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)]
    server.sendmsg([b'%08x' % len(message)], rights)
    server.sendall(message)
    # Without an answer the call was killed.
    posix._exit((server.recv(1) or b'\x01')[0])


main()
