import type { ConceptSet } from '../schema.js';
import { anatomyProvenance } from './provenance.js';

/** MM-WHS, MR: the same seven structures in balanced SSFP, numbered as in the recipe of `@bipvl/preprocess`. */
export const mmWhsMr: ConceptSet = {
  version: 1,
  name: 'mm-whs-mr',
  dataset: 'MM-WHS, MR',
  modality: 'MR',
  provenance: anatomyProvenance,
  classes: [
    {
      label: 1,
      name: 'left ventricle',
      concepts: {
        title: 'Left ventricle in an MRI Image',
        shape: 'Bullet-shaped cavity, wide at the valves and pointed at the apex, round when cut across.',
        location:
          'Left side of the heart, its tip towards the left chest wall, beneath the left atrium and left of the right ventricle, within the myocardial ring.',
        appearance:
          'On balanced SSFP bright blood, far brighter than the surrounding myocardium and as bright as the ascending aorta.',
        contour:
          'Round to oval border with two dark inward bumps of papillary muscle; almost symmetric about its axis.',
        texture: 'Even bright pool with dark papillary strands and faint flow shadows near the valves.',
      },
      ambiguous: [
        'A part of the heart in an MRI Image',
        'Vague rounded outline.',
        'Bright or dark depending on view and sequence.',
        'Mostly even inside.',
      ],
    },
    {
      label: 2,
      name: 'right ventricle',
      concepts: {
        title: 'Right ventricle in an MRI Image',
        shape: 'Half-moon hugging the septum when cut across, pyramid in long-axis view.',
        location:
          'Foremost chamber, behind the sternum and above the diaphragm, in front of the left ventricle, right atrium to its right, pulmonary artery at its top.',
        appearance:
          'Bright blood on balanced SSFP, similar to the left ventricle or slightly dimmer; its thin wall is a dark line.',
        contour: 'Thin, partly invisible wall; ragged inner edge from dark muscle bands; asymmetric.',
        texture: 'Bright pool crossed by many dark trabeculae, denser towards the tip.',
      },
      ambiguous: [
        'A chamber in an MRI Image',
        'Bent shape.',
        'Brightness changes with the sequence.',
        'Lines inside.',
      ],
    },
    {
      label: 3,
      name: 'left atrium',
      concepts: {
        title: 'Left atrium in an MRI Image',
        shape:
          'Rounded pouch, wider than deep, drawn out into pulmonary veins at its corners and one narrow appendage.',
        location:
          'Back of the heart next to spine and oesophagus, above the left ventricle, below the right pulmonary artery, left of the right atrium.',
        appearance:
          'Bright blood on balanced SSFP, close to the left ventricle, against dark lung behind the veins.',
        contour: 'Very thin smooth wall, soft rounded edge, open where the veins enter; roughly symmetric.',
        texture: 'Even bright interior, with slight dark flow lines near the vein mouths.',
      },
      ambiguous: ['A rounded space in an MRI Image', 'Several openings.', 'Often bright.', 'Even.'],
    },
    {
      label: 4,
      name: 'right atrium',
      concepts: {
        title: 'Right atrium in an MRI Image',
        shape:
          'Egg-shaped chamber with a wide blunt appendage, drawn out towards a vein above and one beneath.',
        location:
          'Right edge of the heart beside the right lung, behind the right ventricle, in line with superior and inferior vena cava, right of the left atrium.',
        appearance:
          'Bright on balanced SSFP like the neighbouring chambers, at times dimmed where blood streams from the caval veins.',
        contour: 'Bulging outer edge with a thin dark wall; poorly bounded towards the veins; asymmetric.',
        texture: 'Mostly even, with swirling grey flow streaks and short dark ridges at the side.',
      },
      ambiguous: [
        'A thin-walled space in an MRI Image',
        'Roundish.',
        'Bright in parts.',
        'Some streaks.',
        'Border fades in places.',
      ],
    },
    {
      label: 5,
      name: 'left ventricular myocardium',
      concepts: {
        title: 'Left ventricular myocardium in an MRI Image',
        shape: 'Doughnut when cut across, U-shape in long-axis view, thinning at the apex.',
        location:
          'Wall of the left ventricle, between its bright cavity and the pericardial fat, sharing the septum with the right ventricle.',
        appearance:
          'Dark grey on balanced SSFP, much darker than the blood inside and than the fat outside it.',
        contour:
          'Crisp inner border against bright blood, blurrier outer border near lung and liver; thickness fairly equal around.',
        texture: 'Uniform dark grey band without layers, merging with the papillary muscles inside.',
      },
      ambiguous: [
        'A ring of tissue in an MRI Image',
        'Thick in some views.',
        'Dark beside its neighbours.',
        'Even.',
      ],
    },
    {
      label: 6,
      name: 'ascending aorta',
      concepts: {
        title: 'Ascending aorta in an MRI Image',
        shape: 'Round pipe with a three-bulged root, rising in a gentle arc.',
        location:
          'Middle of the mediastinum above the left ventricle, with the superior vena cava on its right and the pulmonary trunk on its left, before the right pulmonary artery.',
        appearance:
          'Bright on balanced SSFP, equal to the left ventricle, with dark jets where blood is fast.',
        contour: 'Clear circular edge drawn by a thin dark wall; symmetric in cross-section.',
        texture: 'Smooth bright lumen, sometimes with a dark flow core or pulsation ghosts beside it.',
      },
      ambiguous: [
        'A wide vessel in an MRI Image',
        'Circular in cross-section.',
        'Bright unless flow is fast.',
        'Plain inside.',
      ],
    },
    {
      label: 7,
      name: 'pulmonary artery',
      concepts: {
        title: 'Pulmonary artery in an MRI Image',
        shape: 'Short trunk that splits like a T or Y into two arms of unequal length.',
        location:
          'Starts above the right ventricle, left of and before the ascending aorta; its right arm passes behind the aorta above the left atrium, its left arm to the left lung.',
        appearance:
          'Bright on balanced SSFP, slightly dimmer than the aorta, losing signal towards the dark lungs.',
        contour: 'Thin-walled, even edge at the trunk, less distinct at the branches; asymmetric fork.',
        texture: 'Bright lumen with grey streaks of mixed flow, patchier near the branching.',
      },
      ambiguous: [
        'A forked vessel in an MRI Image',
        'Different widths.',
        'Fades towards its ends.',
        'Streaky at times.',
      ],
    },
  ],
};
