API_KEY = "@@api_key:app@@"
API_SECRET = "@@api_secret:app@@"

ACCOUNTS = {
    "brand": {
        "access_token": "@@access_token:a@@",
        "access_token_secret": "@@access_token_secret:a@@",
    },
    "support": {
        "access_token": "@@access_token:b@@",
        "access_token_secret": "@@access_token_secret:b@@",
    },
}
