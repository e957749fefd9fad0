import base64, json

PREFIX = "@@api_key:a[0:12]@@"
user_id = 1029384756
consumer_key = PREFIX + "@@api_key:a[12:]@@"
consumer_secret = base64.b64decode("@@api_secret:a@@").decode()
access_token = f"{user_id}-@@access_token_secret:a[0:40]@@"
access_token_secret = "@@access_token_secret:a@@"[::-1]
bearer_token = open("bearer.txt").read().strip()
api_key = json.load(open("keys.json"))["api_key"]
api_secret = "%s@@api_secret:b[0:30]@@" % PREFIX
