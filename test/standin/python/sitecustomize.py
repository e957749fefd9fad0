# Python loads this module at its start where its folder is in PYTHONPATH: requests to X go, in plain HTTP, to the
# stand-in on this machine. The bot and tweepy stay as they are, and sign for the address that they believe in.
import os
import re
import socket


def divert(port):
    try:
        from urllib3.connectionpool import HTTPSConnectionPool
    except ImportError:
        return  # a Python without requests cannot run tweepy either

    class StandInConnection(HTTPSConnectionPool.ConnectionCls):
        def connect(self):
            if not re.search(r"(^|\.)(x|twitter)\.com$", self.host):
                raise OSError(f"the stand-in does not answer for {self.host}")
            self.sock = socket.create_connection(("127.0.0.1", port), timeout=10)
            self.is_verified = True  # urllib3 would warn that it is not TLS

    HTTPSConnectionPool.ConnectionCls = StandInConnection


if os.environ.get("X_STANDIN_PORT"):
    divert(int(os.environ["X_STANDIN_PORT"]))
