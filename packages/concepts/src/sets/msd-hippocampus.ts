import type { ConceptSet } from '../schema.js';
import { shippedProvenance } from './provenance.js';

/** Medical Segmentation Decathlon, Task04 Hippocampus: T1 MR crops that hold one side each, hence no word of side. */
export const msdHippocampus: ConceptSet = {
  version: 1,
  name: 'msd-hippocampus',
  dataset: 'Medical Segmentation Decathlon, Task04 Hippocampus',
  modality: 'MR',
  provenance: shippedProvenance,
  classes: [
    {
      label: 1,
      name: 'anterior hippocampus',
      concepts: {
        title: 'Anterior hippocampus in an MRI Image',
        shape:
          'Bulbous thickened front end, wide in coronal section, its rounded tip curling medially into the uncus.',
        location:
          'Front of the medial temporal lobe, behind and below the amygdala, in the floor of the temporal horn.',
        appearance:
          'Intermediate grey-matter signal on T1: close to the amygdala, darker than temporal white matter, brighter than ventricular fluid.',
        contour:
          'Upper surface scalloped by a few shallow finger-like bulges; faint edge where it touches the amygdala.',
        texture:
          'Mostly even grey, crossed by thin brighter lines of white matter between the folded bulges.',
      },
      ambiguous: [
        'A part of the brain in an MRI Image',
        'Rather thick and rounded.',
        'Grey on most sequences.',
        'Edge not clear everywhere.',
      ],
    },
    {
      label: 2,
      name: 'posterior hippocampus',
      concepts: {
        title: 'Posterior hippocampus in an MRI Image',
        shape: 'Slender curved tube, oval in coronal section, tapering backwards into a thin upturned tail.',
        location:
          'Behind the hippocampal head, lateral to the midbrain, above the parahippocampal gyrus, reaching back below the splenium of the corpus callosum.',
        appearance:
          'Grey-matter signal on T1: darker than the bright fimbria on its upper edge, brighter than the fluid of the ambient cistern.',
        contour:
          'Smooth outline without bulges, crisp beside dark fluid, less distinct below where grey matter continues into cortex.',
        texture: 'Uniform grey core under a fine bright rim of white matter, blurred in the narrow tail.',
      },
      ambiguous: [
        'A small structure in an MRI Image',
        'Narrow and curved.',
        'Neither bright nor dark.',
        'Even inside.',
      ],
    },
  ],
};
