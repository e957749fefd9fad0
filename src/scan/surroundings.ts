/** How far around a value a mention of X counts, in bytes. */
const REACH = 1500;
const RIVAL_REACH = 300;

const X = /twitter|tweepy|tweet|(?<![a-z0-9])(?:twurl|xurl|twarc|x\.com)|consumer_?key/i;
/**
 * Services whose keys have the same names and sometimes the same shapes. Short names count where a word begins, since
 * random values may hold them.
 */
const RIVALS =
  /tumblr|salesforce|woocommerce|safaricom|netsuite|discogs|linkedin|evernote|magento|bitbucket|atlassian|goodreads|openstreetmap|mediawiki|wikipedia|dropbox|withings|(?<![a-z0-9])(?:m-?pesa|daraja|yelp|etsy|trello|flickr|fitbit|garmin|jira|xero|vimeo)/i;

/** Whether the text around a place speaks of X. */
export function hasX(text: string, at: number): boolean {
  return X.test(text.slice(Math.max(0, at - REACH), at + REACH));
}

/** Whether the text close to a place speaks of another service with such keys, and not of X. */
export function hasRival(text: string, at: number): boolean {
  const near = text.slice(Math.max(0, at - RIVAL_REACH), at + RIVAL_REACH);
  return RIVALS.test(near) && !/twitter|tweepy|tweet/i.test(near);
}

/** How many bytes around a run the rules look at. */
export const SURROUNDINGS = REACH;
