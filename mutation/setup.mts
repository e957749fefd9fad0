import fc from 'fast-check';

// A mutant is dead with the first failure: looking for a smaller one is lost time.
fc.configureGlobal({ endOnFailure: true });
