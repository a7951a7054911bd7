"""Runs the aws command line in forks of one process that has loaded it: docs/decisions/aws-in-tests.md.

Started as `python server.py SOCKET`. It prints a line when it listens, and ends with its standard input.
client.py describes what a client sends.
"""

import atexit
import gc
import importlib
import os
import select
import signal
import socket
import sys
import threading

import awscli
import awscli.clidriver
import botocore.loaders

# Ends a call that hangs; the tests have limits of their own.
SECONDS_OF_A_CALL = 300
# A call of each service that the tests ask: what it reads of the installation stays in memory.
CALLS = (
    'ec2 describe-vpcs',
    'elbv2 describe-load-balancers',
    'sts get-caller-identity',
    'iam get-user',
    'eks list-clusters',
    'cloudformation describe-stacks',
)
# Where nothing listens.
NOWHERE = {
    'AWS_ACCESS_KEY_ID': 'none',
    'AWS_SECRET_ACCESS_KEY': 'none',
    'AWS_DEFAULT_REGION': 'us-east-1',
    'AWS_ENDPOINT_URL': 'http://127.0.0.1:1',
    'AWS_MAX_ATTEMPTS': '1',
    'AWS_CONFIG_FILE': os.devnull,
    'AWS_SHARED_CREDENTIALS_FILE': os.devnull,
}


def remember(kind, name, key):
    """Lets a method answer from memory. What it reads are files of the installation."""
    real = getattr(kind, name)
    known = {}

    def remembered(*args, **named):
        at = key(*args, **named)
        if at not in known:
            known[at] = real(*args, **named)
        return known[at]

    setattr(kind, name, remembered)


def load():
    remember(botocore.loaders.JSONFileLoader, 'load_file', lambda _, file_path: file_path)
    remember(
        botocore.loaders.Loader,
        'list_available_services',
        lambda loader, type_name: (tuple(loader.search_paths), type_name),
    )
    os.environ.update(NOWHERE)
    for words in CALLS:
        awscli.clidriver.create_clidriver().main(words.split())
    # A fork then shares the memory of all this, as long as it does not change it.
    gc.collect()
    gc.freeze()


def receive(client):
    """Takes over the streams, the folder and the environment of a client; gives its arguments."""
    size, streams, _, _ = socket.recv_fds(client, 8, 3)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    text = b''
    while len(text) < int(size, 16):
        text += client.recv(1 << 20) or sys.exit(1)
    folder, count, *words = [os.fsdecode(word) for word in text.split(b'\0')]
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(one.split('=', 1) for one in words[int(count) :])
    # Only this module reads the environment when it is loaded: it puts the folder of its data there.
    importlib.reload(awscli)
    return words[: int(count)]


def leave_with(client):
    """Ends the call when its client is gone."""
    client.recv(1)
    os._exit(1)


def call(client):
    signal.alarm(SECONDS_OF_A_CALL)
    sys.argv = ['aws', *receive(client)]
    threading.Thread(target=leave_with, args=(client,), daemon=True).start()
    code = 1
    try:
        code = awscli.clidriver.main()
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    client.sendall(bytes([(code or 0) & 255]))
    os._exit(0)


def ended():
    """Takes note of the calls that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        return


def serve(listener):
    parent = sys.stdin.fileno()
    while True:
        ready, _, _ = select.select([listener, parent], [], [], 1)
        if parent in ready:
            return
        if listener in ready:
            client, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                call(client)
            client.close()
        ended()


if __name__ == '__main__':
    # What the loading says is of no interest; where it fails, the one who waits sees the end.
    said = os.dup(1)
    for number in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    load()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sys.argv[1])
        listener.listen(64)
        os.write(said, b'ready\n')
        os.close(said)
        serve(listener)
