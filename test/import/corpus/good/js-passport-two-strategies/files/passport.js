passport.use(new TwitterStrategy({
    consumerKey: '@@api_key:a@@',
    consumerSecret: '@@api_secret:a@@',
    callbackURL: "http://127.0.0.1:3000/cb"
  }, function(token, tokenSecret, profile, cb) { return cb(null, profile); }));
passport.use(new GoogleStrategy({ clientID: '123456789.apps.googleusercontent.com', clientSecret: 'GOCSPX-@@other_secret:a@@' }));
