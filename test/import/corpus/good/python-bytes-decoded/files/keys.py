import hmac

CONSUMER_KEY = b"@@api_key:a@@".decode()
CONSUMER_SECRET = (
    b"@@api_secret:a[0:20]@@"
    b"@@api_secret:a[20:]@@"
).decode("utf-8")
settings = {
    "access_token": bytes("@@access_token:a@@", "utf8").decode(),
    "access_token_secret": str(b'@@access_token_secret:a@@', encoding="ascii"),
}
SIGNING_KEY = "@@other_secret:signing@@".encode()
digest = hmac.new(SIGNING_KEY, b"message", "sha256").hexdigest()
