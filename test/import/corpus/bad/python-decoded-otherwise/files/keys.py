import base64, os

ENCODING = "utf-8"
consumer_key = b"@@api_key:a@@".decode("rot13")
consumer_secret = b"@@api_secret:a@@".decode("utf-16-le")
access_token = b"@@access_token_secret:a@@".swapcase().decode()
access_token_secret = base64.b64decode(b"@@access_token_secret:a@@").decode("utf-8")
api_key = b"@@api_key:a@@".decode(ENCODING)
api_secret = os.getenv(key="X_API_SECRET", default=None)
bearer_token = os.environ.get(default="", key="X_BEARER_TOKEN")
