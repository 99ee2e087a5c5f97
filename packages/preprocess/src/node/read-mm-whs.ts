import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseFiles, Dataset } from '../dataset/dataset.js';
import { isScanName, scanStem } from '../dataset/scan-name.js';
import { type DatasetRecipeName, datasetRecipe } from '../recipes/dataset-recipes.js';
import { selectsCase } from '../recipes/selects-case.js';
import { fileFault } from './file-fault.js';

const IMAGE = '_image';

/**
 * The MM-WHS release as it is unpacked: `ct_train_1001_image.nii.gz` and `ct_train_1001_label.nii.gz`, in the folder
 * itself or in `ct_train` (`mr_train`) below it; there is no manifest. Throws `file-missing` or `file-unreadable`.
 */
export async function readMmWhs(folder: string, name: DatasetRecipeName): Promise<Omit<Dataset, 'splits'>> {
  const recipe = datasetRecipe(name);
  return {
    folder,
    name: recipe.title,
    description: 'Multi-Modality Whole Heart Segmentation challenge, MICCAI 2017',
    reference: 'Zhuang and Shen 2016, Medical Image Analysis 31:77',
    licence: '',
    release: '',
    tensorImageSize: '3D',
    modality: recipe.channels.map((channel) => channel.name),
    labels: recipe.labels.map((label) => ({ id: label.id, name: label.name })),
    fileEnding: '.nii.gz',
    recipe: name,
    cases: await listPairs(folder, name),
  };
}

async function listPairs(folder: string, name: DatasetRecipeName): Promise<CaseFiles[]> {
  const part = recipeFolder(name);
  const place = (await list(folder)).includes(part) ? join(folder, part) : folder;
  const images = (await list(place)).filter((file) => isScanName(file) && scanStem(file).endsWith(IMAGE));
  return images
    .filter((file) => selectsCase(name, file))
    .map((file) => ({
      id: scanStem(file).slice(0, -IMAGE.length),
      images: [join(place, file)],
      label: join(place, file.replace(`${IMAGE}.nii`, '_label.nii')),
    }));
}

function recipeFolder(name: DatasetRecipeName): string {
  return name === 'mm-whs-mr' ? 'mr_train' : 'ct_train';
}

async function list(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    throw fileFault(path, cause);
  }
}
