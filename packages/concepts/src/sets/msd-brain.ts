import type { ConceptSet } from '../schema.js';
import { anatomyProvenance } from './provenance.js';

/**
 * Medical Segmentation Decathlon, Task01: gliomas in FLAIR, T1, T1 with gadolinium and T2. The classes are the three overlapping
 * regions, numbered in the order of the recipe of `@bipvl/preprocess`, and not the labels of the manifest.
 */
export const msdBrain: ConceptSet = {
  version: 1,
  name: 'msd-brain',
  dataset: 'Medical Segmentation Decathlon, Task01 brain tumour, its three regions',
  modality: 'MR',
  provenance: anatomyProvenance,
  classes: [
    {
      label: 1,
      name: 'tumour core',
      concepts: {
        title: 'Tumour core, enhancing tumour with necrotic and non-enhancing core, in an MRI Image',
        shape: 'Compact lobulated mass, round to oval, without finger-like extensions.',
        location:
          'Middle of the whole tumour in the white matter of a cerebral hemisphere, between lateral ventricle and cortex, ringed by oedema.',
        appearance:
          'On T1 darker than white matter; after gadolinium a bright rim around a dark centre; on T2 and FLAIR mixed, the centre fluid-bright on T2.',
        contour: 'Outer border fairly distinct on T1 after gadolinium, lobed and asymmetric.',
        texture:
          'Heterogeneous: bright enhancing strands, dark necrotic pockets and patches of intermediate signal.',
      },
      ambiguous: [
        'Something abnormal in an MRI Image',
        'No fixed form.',
        'Dark or bright depending on the sequence.',
        'Mixed inside.',
      ],
    },
    {
      label: 2,
      name: 'whole tumour',
      concepts: {
        title: 'Whole tumour, oedema with enhancing, necrotic and non-enhancing core, in an MRI Image',
        shape:
          'Large spreading area with finger-like extensions along white-matter tracts around a rounder middle.',
        location:
          'White matter of a cerebral hemisphere, from beside the lateral ventricle towards the cortex, sparing the cortical ribbon; may cross the corpus callosum.',
        appearance:
          'Bright on FLAIR and T2 beside normal white matter, darker than it on T1; only a part brightens after gadolinium.',
        contour:
          'Feathered margin on FLAIR that fades gradually; clearly asymmetric between the hemispheres.',
        texture: 'Hazy and even in the swollen outer zone, coarse and mixed in the middle.',
      },
      ambiguous: [
        'A changed region in an MRI Image',
        'Spreads without a clear edge.',
        'Brighter than usual on some sequences.',
        'Varies inside.',
        'Only on one side in many people.',
      ],
    },
    {
      label: 3,
      name: 'enhancing tumour',
      concepts: {
        title: 'Enhancing tumour, the part that takes up gadolinium, in an MRI Image',
        shape: 'Ring, broken shell or solid nodule of variable thickness, often with knobs pointing inwards.',
        location:
          'Rim of the tumour core, between necrotic centre and surrounding oedema, in deep or subcortical white matter of the cerebrum.',
        appearance:
          'Markedly brighter on T1 after gadolinium than on plain T1 and than white matter; intermediate on T2 and FLAIR.',
        contour:
          'Crisp outer margin on T1 after gadolinium, uneven inner margin; thickness differs around the ring.',
        texture: 'Bright band with nodular, grainy variation and small dark gaps.',
      },
      ambiguous: [
        'A bright part in an MRI Image',
        'Often like a ring.',
        'Seen best after contrast.',
        'Not everywhere the same.',
      ],
    },
  ],
};
