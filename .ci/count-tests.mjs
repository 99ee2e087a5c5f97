// Prints `PASSED FAILED` from vitest's JSON report; a file that failed before its first test counts as one failure.

import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const hasFailedTest = ({ assertionResults }) => assertionResults.some(({ status }) => status === 'failed');
const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && !hasFailedTest(file));

console.log(report.numPassedTests, report.numFailedTests + brokenFiles.length);
