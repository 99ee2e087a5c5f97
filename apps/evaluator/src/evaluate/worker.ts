import { answerJobs } from '@bipvl/preprocess/node';
import { doEvaluationJob } from './evaluation-job.js';

/** The script of a worker thread of `evaluateFolder`. */
answerJobs(doEvaluationJob);
