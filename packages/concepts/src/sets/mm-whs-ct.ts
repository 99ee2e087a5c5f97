import type { ConceptSet } from '../schema.js';
import { anatomyProvenance } from './provenance.js';

/** MM-WHS, CT: the seven structures of the heart in contrast-enhanced CT, numbered as in the recipe of `@bipvl/preprocess`. */
export const mmWhsCt: ConceptSet = {
  version: 1,
  name: 'mm-whs-ct',
  dataset: 'MM-WHS, CT',
  modality: 'CT',
  provenance: anatomyProvenance,
  classes: [
    {
      label: 1,
      name: 'left ventricle',
      concepts: {
        title: 'Left ventricle in a CT Image',
        shape: 'Long cone with a rounded base and blunt tip, circular in short-axis section.',
        location:
          'Left lower part of the heart, pointing forward to the apex, below the left atrium, enclosed by thick myocardium, separated from the right ventricle by the septum.',
        appearance:
          'Contrast-filled blood, much brighter than the myocardium around it and close to the ascending aorta.',
        contour:
          'Rounded inner edge notched by papillary muscles and fine ridges; nearly symmetric about its long axis.',
        texture: 'Evenly bright pool interrupted by darker strands of papillary muscle.',
      },
      ambiguous: [
        'A part of the heart in a CT Image',
        'Outline is not always distinct.',
        'Brightness depends on the view and the contrast.',
        'Mostly even inside.',
      ],
    },
    {
      label: 2,
      name: 'right ventricle',
      concepts: {
        title: 'Right ventricle in a CT Image',
        shape: 'Crescent in short-axis section, triangular from the side, wrapped around the septum.',
        location:
          'Front of the heart behind the sternum, right of and before the left ventricle, below the pulmonary artery, resting on the diaphragm.',
        appearance:
          'Blood of variable brightness, dimmer than the left ventricle when contrast has been flushed through, else streaky bright.',
        contour:
          'Thin outer wall, curved septal side, uneven inner border from coarse muscle bands; asymmetric.',
        texture: 'Mottled where contrast-rich and unenhanced blood mix, crossed by trabecular strands.',
      },
      ambiguous: ['A chamber in a CT Image', 'Curved on one side.', 'Sometimes bright.', 'Mixed inside.'],
    },
    {
      label: 3,
      name: 'left atrium',
      concepts: {
        title: 'Left atrium in a CT Image',
        shape: 'Broad flattened ovoid with a finger-like appendage and four veins entering at its corners.',
        location:
          'Uppermost and rearmost chamber, in front of oesophagus and spine, above and behind the left ventricle, under the tracheal bifurcation.',
        appearance:
          'Brightly contrast-filled like the left ventricle; the appendage stays darker where contrast comes late.',
        contour:
          'Thin smooth wall, rounded outline broken by the vein openings; roughly symmetric from side to side.',
        texture: 'Homogeneous body; faint comb-like ridges within the appendage alone.',
      },
      ambiguous: [
        'A space within the heart in a CT Image',
        'Wide and rounded.',
        'Bright on many scans.',
        'Little to see inside.',
      ],
    },
    {
      label: 4,
      name: 'right atrium',
      concepts: {
        title: 'Right atrium in a CT Image',
        shape: 'Rounded box with a broad triangular appendage and a vein joining at top and bottom.',
        location:
          'Right border of the heart beside the right lung, behind and right of the right ventricle, between superior and inferior vena cava.',
        appearance:
          'Bright jets from the superior vena cava beside darker blood from below; on the whole dimmer than the left atrium.',
        contour:
          'Convex outer edge, thin wall with a ridge on its side; indistinct where the caval veins join.',
        texture: 'Streaked by incompletely mixed contrast; coarse parallel ridges in the appendage.',
      },
      ambiguous: [
        'A cavity with a thin wall in a CT Image',
        'Roundish.',
        'Uneven brightness.',
        'Swirls may be seen.',
        'Edge unclear in places.',
      ],
    },
    {
      label: 5,
      name: 'left ventricular myocardium',
      concepts: {
        title: 'Left ventricular myocardium in a CT Image',
        shape:
          'Thick cup with an open base: a closed ring in short-axis section, a horseshoe in long-axis view.',
        location:
          'Surrounds the left ventricle; its septal part borders the right ventricle, its outer part the left lung and pericardial fat.',
        appearance:
          'Mid-grey muscle after contrast, much darker than the blood it encloses and brighter than epicardial fat.',
        contour:
          'Smooth outer surface, jagged inner surface near the papillary muscles; thickness nearly equal around, less at the tip.',
        texture: 'Uniform muscle without layers, fine dark lines of fat only in its surface grooves.',
      },
      ambiguous: [
        'A wall of tissue in a CT Image',
        'Ring-like in some slices.',
        'Darker than what it surrounds.',
        'Even inside.',
      ],
    },
    {
      label: 6,
      name: 'ascending aorta',
      concepts: {
        title: 'Ascending aorta in a CT Image',
        shape: 'Wide tube, circular in cross-section, bulging at its root and curving gently upwards.',
        location:
          'Centre of the chest above the left ventricle, right of the pulmonary trunk, before the right pulmonary artery, beside the superior vena cava.',
        appearance: 'Intensely bright contrast, among the brightest structures, equal to the left ventricle.',
        contour:
          'Sharp, round and symmetric edge with a thin wall, slightly blurred by motion near the root.',
        texture: 'Completely even lumen apart from thin valve leaflets at the root.',
      },
      ambiguous: ['A large vessel in a CT Image', 'Round.', 'Usually bright.', 'Nothing inside.'],
    },
    {
      label: 7,
      name: 'pulmonary artery',
      concepts: {
        title: 'Pulmonary artery in a CT Image',
        shape: 'Y-shaped vessel: a short wide trunk dividing into two tapering branches.',
        location:
          'Starts left of and before the ascending aorta above the right ventricle, passes backwards beneath the aortic arch to both lungs.',
        appearance:
          'Moderately to strongly bright depending on timing, often a step below the aorta; black lung beside its branches.',
        contour:
          'Clear tubular edge, broad at the trunk; one branch longer than the other, so that the fork is asymmetric.',
        texture: 'Homogeneous to slightly streaked lumen without septa.',
      },
      ambiguous: [
        'A branching vessel in a CT Image',
        'Width varies.',
        'Bright or less bright.',
        'Plain inside.',
      ],
    },
  ],
};
