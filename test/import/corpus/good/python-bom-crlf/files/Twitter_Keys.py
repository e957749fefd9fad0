# Schlüssel für die Twitter-API – nicht weitergeben! 🔑
Consumer_Key    = "@@api_key:a@@"	# Käufer-Schlüssel
Consumer_Secret = "@@api_secret:a@@"

# アクセストークン
Access_Token        = '@@access_token:a@@'
Access_Token_Secret = '@@access_token_secret:a@@'

hashtag = "#größe"
