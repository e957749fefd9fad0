<?php
/* @@other_secret@@ */
// define('CONSUMER_KEY', '@@api_key:old@@');
define('CONSUMER_KEY', '@@api_key:a@@');
define("CONSUMER_SECRET", "@@api_secret:a@@");
define('OAUTH_CALLBACK', 'https://example.org/callback.php');
define('DB_PASSWORD', '@@other_secret@@');

$access_token = "@@access_token:a@@";
$access_token_secret = "@@access_token_secret:a@@";

$connection = new TwitterOAuth(CONSUMER_KEY, CONSUMER_SECRET, $access_token, $access_token_secret);
echo "connected as {$connection->get('account/verify_credentials')->screen_name}";
?>
<p>api_key = "none"</p>
