import fc from 'fast-check';

/**
 * A build server tries the same values every time, so that what fails there fails because of the
 * change; whoever runs the tests by hand, or in their long form, tries new ones.
 */
if (process.env['BREAKWATER_LONG'] !== '1') fc.configureGlobal({ seed: 14_409 });
