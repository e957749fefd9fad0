consumer_key = "insert_key_here"
consumer_secret = 'paste your secret here'
access_token = "pega_tu_token_aqui"
access_token_secret = "COLE_SEU_TOKEN_AQUI"
BEARER_TOKEN = "votre_jeton_ici"
