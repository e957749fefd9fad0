// expose our config directly to our application using module.exports
module.exports = {

    'facebookAuth' : {
        'clientID'      : '203948576102938', // your App ID
        'clientSecret'  : '@@other_secret:facebook@@', // your App Secret
        'callbackURL'   : 'http://localhost:8080/auth/facebook/callback'
    },

    'twitterAuth' : {
        'consumerKey'       : '@@api_key:a@@',
        'consumerSecret'    : '@@api_secret:a@@',
        'callbackURL'       : 'http://localhost:8080/auth/twitter/callback'
    },

    'googleAuth' : {
        'clientID'      : '1029384756-bot.apps.googleusercontent.com',
        'clientSecret'  : '@@other_secret:google@@',
        'callbackURL'   : 'http://localhost:8080/auth/google/callback'
    }

};
