import type { ConceptSet } from '../schema.js';
import { shippedProvenance } from './provenance.js';

/** The synthetic abdominal CT phantom: five organs described as they look in contrast-enhanced abdominal CT. */
export const phantom: ConceptSet = {
  version: 1,
  name: 'phantom',
  dataset: 'BiPVL-Seg synthetic abdominal CT phantom',
  modality: 'CT',
  provenance: shippedProvenance,
  classes: [
    {
      label: 1,
      name: 'liver',
      concepts: {
        title: 'Liver in a CT Image',
        shape:
          'Large wedge, thick and rounded on the right side, thinning to a flat tongue towards the left.',
        location:
          'Fills the right upper abdomen under the diaphragm, above the right kidney; its thin end crosses the midline in front of the aorta.',
        appearance:
          'Even mid-grey soft tissue, much brighter than fat, close to the spleen, darker than the kidneys and vessels after contrast.',
        contour:
          'Smooth sharp edge, convex against ribs and diaphragm, concave below; clearly asymmetric about the midline.',
        texture:
          'Fine uniform grain crossed by thin branching vessels that stand out brighter after contrast.',
      },
      ambiguous: [
        'A large organ in a CT Image',
        'Broad and not regular in form.',
        'Medium brightness.',
        'Some lines can be seen inside.',
      ],
    },
    {
      label: 2,
      name: 'spleen',
      concepts: {
        title: 'Spleen in a CT Image',
        shape: 'Compact curved crescent, thick in the middle with blunt rounded ends.',
        location:
          'High in the left upper abdomen beneath the diaphragm and lower ribs, beside and behind the stomach, above the left kidney.',
        appearance:
          'Mid-grey soft tissue like the liver: slightly darker than it without contrast, equal or slightly brighter in the portal-venous phase.',
        contour:
          'Crisp smooth outer edge bulging towards the ribs, hollowed inner surface facing stomach and kidney.',
        texture:
          'Homogeneous interior in the portal-venous phase with hardly any visible vessels; striped only in the arterial phase.',
      },
      ambiguous: [
        'An organ of the upper abdomen in a CT Image',
        'Rounded outline that differs between people.',
        'Brightness depends on the phase of the scan.',
        'Mostly even inside.',
      ],
    },
    {
      label: 3,
      name: 'left kidney',
      concepts: {
        title: 'Left kidney in a CT Image',
        shape: "Slightly longer and slimmer upright bean, its notch facing the patient's right.",
        location:
          'Left side of the retroperitoneum beside the spine and psoas muscle, below the spleen, usually slightly higher than the right kidney.',
        appearance:
          'Soft tissue a little darker than the spleen without contrast, strongly enhanced and clearly brighter than the spleen afterwards.',
        contour:
          'Smooth border ringed by dark fat, sometimes with a gentle outward bulge below the spleen; mirrors the right kidney.',
        texture:
          'Layered after contrast: bright outer band, darker inner triangles, and a fat-dark centre crossed by renal vessels.',
      },
      ambiguous: [
        'One of two similar organs in a CT Image',
        'Rounded and elongated.',
        'Varies with the timing of contrast.',
        'Not the same throughout.',
      ],
    },
    {
      label: 4,
      name: 'right kidney',
      concepts: {
        title: 'Right kidney in a CT Image',
        shape:
          "Upright bean with rounded upper and lower poles, its hollow opening towards the patient's left.",
        location:
          'Right side of the retroperitoneum beside the spine, below and behind the liver, usually slightly lower than the left kidney.',
        appearance:
          'Soft tissue a little darker than the liver without contrast, strongly enhanced and clearly brighter than the liver afterwards.',
        contour:
          'Smooth edge outlined by dark fat, often flattened at the top under the liver; mirror image of the left kidney.',
        texture:
          'Bright cortex around darker wedge-shaped pyramids after contrast, with a core of dark fat at the hilum.',
      },
      ambiguous: [
        'A paired organ in a CT Image',
        'Oval or bean-like in most slices.',
        'Becomes bright at some time after contrast.',
        'Shows layers on some scans.',
        'Usually clear against its surroundings.',
      ],
    },
    {
      label: 5,
      name: 'aorta',
      concepts: {
        title: 'Aorta in a CT Image',
        shape: 'Long, nearly straight vertical tube, round in axial section, narrowing a little downwards.',
        location:
          'Directly in front of the vertebral bodies, just left of the midline, between the kidneys, beside the inferior vena cava.',
        appearance:
          'Blood-grey without contrast, turning uniformly bright afterwards and brightest in the arterial phase; wall barely visible.',
        contour: 'Smooth, sharply defined circular edge in every axial slice, symmetric about its own axis.',
        texture: 'Featureless homogeneous lumen without layers, grain or inner branches.',
      },
      ambiguous: [
        'A vessel in a CT Image',
        'Round in many slices.',
        'Brightness depends on contrast.',
        'Plain inside.',
      ],
    },
  ],
};
